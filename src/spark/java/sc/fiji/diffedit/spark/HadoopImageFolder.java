package sc.fiji.diffedit.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.ImageFolder;
import sc.fiji.diffedit.fiji.batch.ImagePattern;

/** A folder of images on a file system that Hadoop knows. */
public final class HadoopImageFolder implements ImageFolder {

	private final HadoopFiles files;
	private final Path root;

	/** @param folder as {@link HadoopFiles#path(String)} takes it */
	public HadoopImageFolder(final HadoopFiles files, final String folder) {
		this.files = files;
		root = files.path(folder);
	}

	@Override
	public boolean isAt(final String path) {
		return files.path(path).equals(root);
	}

	@Override
	public List<String> find(final ImagePattern pattern, final String output) {
		final Path without = files.path(output);
		final boolean isOutputHere = isWithin(without, root);
		final TreeMap<java.nio.file.Path, String> found = new TreeMap<>();     // sorted as the files of a machine are
		try {
			final FileStatus folder = files.system(root).getFileStatus(root);
			if (!folder.isDirectory()) throw new DiffEditException(root + " is no folder; give the folder of the images.");
			final RemoteIterator<LocatedFileStatus> all = files.system(root).listFiles(root, pattern.isDeep());
			while (all.hasNext()) {
				final Path file = files.path(all.next().getPath().toString());
				final String path = fromHere(file);
				if (!isHidden(path) && !(isOutputHere && isWithin(file, without)) && pattern.matches(path)) found.put(java.nio.file.Path.of(path), file.toString());
			}
		}
		catch (final IOException e) {
			throw new DiffEditException("The folder " + root + " cannot be listed (" + WholeFile.reason(e) + "); choose another.", e);
		}
		return List.copyOf(found.values());
	}

	private String fromHere(final Path file) {
		final String folder = root.toUri().getPath();
		return file.toUri().getPath().substring(folder.endsWith("/") ? folder.length() : folder.length() + 1);
	}

	private static boolean isHidden(final String path) {
		return Arrays.stream(path.split("/")).anyMatch(part -> part.startsWith("."));
	}

	private static boolean isWithin(final Path file, final Path folder) {
		for (Path above = file.getParent(); above != null; above = above.getParent()) {
			if (above.equals(folder)) return true;
		}
		return false;
	}

	@Override
	public String resolve(final String path) {
		return files.path(root, path).toString();
	}

	@Override
	public String name(final String image) {
		return new Path(image).getName();
	}

	@Override
	public String below(final String image) {
		final Path parent = new Path(image).getParent();
		return parent != null && isWithin(parent, root) ? fromHere(parent) : "";
	}

	@Override
	public String toString() {
		return root.toString();
	}
}
