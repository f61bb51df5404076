package sc.fiji.diffedit.models;

/** How an image is brought to a size of another shape (diffusers {@code resize_mode}). */
public enum ResizeMode {
	/** Stretched to the new shape. */
	DEFAULT,
	/** Shrunk to fit inside, centred, and the free stripes filled with the image's edge. */
	FILL,
	/** Enlarged to cover, centred, and the overhang cut off. */
	CROP
}
