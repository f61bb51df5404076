package sc.fiji.diffedit.fiji.batch;

import java.nio.file.Path;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;

/** The folder of a batch's images, on this machine or in a cluster's file system. Images are texts, as rows name them. */
public interface ImageFolder {

	/** A folder of this machine. */
	static ImageFolder of(final Path folder) {
		return new LocalImageFolder(folder);
	}

	/** Whether a folder is this one. */
	boolean isAt(String path);

	/**
	 * The images that match, sorted by path, without hidden ones.
	 *
	 * @param output a folder that is left out
	 * @throws DiffEditException if the folder cannot be listed
	 */
	List<String> find(ImagePattern pattern, String output);

	/** An image or mask by a path from this folder on, or from a root. It need not be there. */
	String resolve(String path);

	/** The name of an image's file. */
	String name(String image);

	/** The image's folder from this one on, with / between its parts; empty for one that lies here or elsewhere. */
	String below(String image);
}
