package sc.fiji.diffedit.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * What a download of a model would fetch.
 *
 * @param repository such as {@code org/name}
 * @param revision branch, tag or commit that was requested
 * @param commit the commit that is
 * @param license as the model's card says; empty if it says nothing
 * @param files what would be fetched
 */
public record DownloadPlan(String repository, String revision, String commit, String license, List<RemoteFile> files) {

	public DownloadPlan {
		files = List.copyOf(files);
	}

	/** Bytes of all files together. */
	public long size() {
		return files.stream().mapToLong(RemoteFile::size).sum();
	}

	/** Bytes of the files that are not in a cache yet, wholly or in part. */
	public long missing(final Path cache) {
		return files.stream().mapToLong(file -> file.size() - present(blob(cache, file), file)).sum();
	}

	private static long present(final Path blob, final RemoteFile file) {
		final long whole = blob.toFile().length(), part = partial(blob).toFile().length();
		return whole == file.size() ? whole : part <= file.size() ? part : 0;
	}

	/** The model's folder in a cache. */
	Path folder(final Path cache) {
		return cache.resolve(ModelPlaces.folderOf(repository));
	}

	/** Where a file's contents lie in a cache. */
	Path blob(final Path cache, final RemoteFile file) {
		return folder(cache).resolve("blobs").resolve(file.hash());
	}

	/** Where they lie until they are whole; Python's client has the same name for it. */
	static Path partial(final Path blob) {
		return blob.resolveSibling(blob.getFileName() + ".incomplete");
	}
}
