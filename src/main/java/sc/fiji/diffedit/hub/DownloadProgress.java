package sc.fiji.diffedit.hub;

import sc.fiji.diffedit.CancelledException;

/**
 * Told how far a download is: with every piece that comes, and several times a second while none comes. May throw
 * {@link CancelledException} to end it; what has arrived is kept then.
 */
@FunctionalInterface
public interface DownloadProgress {

	/** Tells nobody. */
	DownloadProgress NONE = (file, bytes, total) -> {};

	/**
	 * @param file the name of what is being fetched
	 * @param bytes how many have arrived
	 * @param total of how many, -1 if the server does not say
	 */
	void at(String file, long bytes, long total);
}
