package sc.fiji.diffedit.pipelines;

/** What values between 0 and 1 of a mask mean to an edit. Masks of zeros and ones give the same bits either way. */
public enum MaskUse {
	/** All steps of an edit change all of the mask; values between mix what was edited with what was kept. */
	FULL("Full"),
	/**
	 * A value is a strength of its own: where it is {@code v}, the last {@code floor(v * steps) + 1} steps of the edit change the image, at most
	 * all, and before them it is what the inversion kept (Levin, Fried: "Differential Diffusion: Giving Each Pixel Its Strength", 2023,
	 * <a href="https://arxiv.org/abs/2306.00950">2306.00950</a>, where the map says how much is kept instead).
	 */
	SOFT("Soft");

	private final String word;

	MaskUse(final String word) {
		this.word = word;
	}

	/** Its name in forms and macros. */
	public String word() {
		return word;
	}
}
