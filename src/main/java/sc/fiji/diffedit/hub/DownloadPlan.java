package sc.fiji.diffedit.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * The files that a download of a model comprises.
 *
 * @param repository such as {@code org/name}
 * @param revision branch, tag or commit that was requested
 * @param commit the commit to which it resolves
 * @param license as given in the model card; empty if none is given
 * @param files to be downloaded
 */
public record DownloadPlan(String repository, String revision, String commit, String license, List<RemoteFile> files) {

	public DownloadPlan {
		files = List.copyOf(files);
	}

	/** Bytes of all files together. */
	public long size() {
		return files.stream().mapToLong(RemoteFile::size).sum();
	}

	/** Bytes of the files that are not yet completely in a cache. */
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

	/** The path of a file's contents in a cache. */
	Path blob(final Path cache, final RemoteFile file) {
		return folder(cache).resolve("blobs").resolve(file.hash());
	}

	/** The path of its partial file, named as by Hugging Face's Python client. */
	static Path partial(final Path blob) {
		return blob.resolveSibling(blob.getFileName() + ".incomplete");
	}
}
