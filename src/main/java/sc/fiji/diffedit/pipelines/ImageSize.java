package sc.fiji.diffedit.pipelines;

/**
 * A size or a place in pixels, in diffusers' order.
 *
 * @param height rows, or distance from the top
 * @param width columns, or distance from the left
 */
public record ImageSize(int height, int width) {

	public static final ImageSize ZERO = new ImageSize(0, 0);
}
