package sc.fiji.diffedit.fiji.record;

/**
 * An image that is found by its title when a call is repeated; its pixels are not kept.
 *
 * @param title of its window
 */
record TitledImage(String title) {

	@Override
	public String toString() {
		return title;
	}
}
