package sc.fiji.diffedit.hub;

import sc.fiji.diffedit.CancelledException;

/**
 * Receives the progress of a download: for every piece that arrives, and several times a second while none arrives. May throw
 * {@link CancelledException} to stop it; the partial file is kept.
 */
@FunctionalInterface
public interface DownloadProgress {

	/** Ignores progress. */
	DownloadProgress NONE = (file, bytes, total) -> {};

	/**
	 * @param file name of the file
	 * @param bytes downloaded so far
	 * @param total size of the file, -1 if unknown
	 */
	void at(String file, long bytes, long total);
}
