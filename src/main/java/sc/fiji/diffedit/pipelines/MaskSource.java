package sc.fiji.diffedit.pipelines;

/** What the heat map of a mask is made of. The number of predictions is the same: one for each noisy copy and prompt. */
public enum MaskSource {
	/** The difference of the two predictions at one noise strength (Couairon et al. 2023, section 3.2), as in diffusers. */
	DIFFERENCE("Difference"),
	/** The same at five strengths around that one; each counts alike. */
	DIFFERENCES("Differences"),
	/**
	 * The same, and how much worse the target explains the noise that was added than the source does. The noise is known, so this
	 * costs nothing more; it is what <a href="https://arxiv.org/abs/2303.16203">diffusion classifiers</a> compare, pixel by pixel.
	 */
	DIFFERENCE_AND_LIKELIHOOD("Difference and likelihood"),
	/**
	 * Where the image attends to the words that differ between the prompts, at the same strengths: to the source's words as the network
	 * reads the source, and to the target's as it reads the target. Needs prompts as text.
	 */
	CROSS_ATTENTION("Cross-attention"),
	/**
	 * The differences at these strengths where that attention is high, and 0 elsewhere, as <a href="https://arxiv.org/abs/2311.16711">LEDITS++</a>
	 * (Brack et al. 2024) intersects the two.
	 */
	DIFFERENCES_AND_CROSS_ATTENTION("Differences and cross-attention");

	private static final double[] ONE = { 0 }, SEVERAL = { -0.2, -0.1, 0, 0.1, 0.2 };

	private final String word;

	MaskSource(final String word) {
		this.word = word;
	}

	/** Its name in forms and macros. */
	public String word() {
		return word;
	}

	/** Whether cross-attention has a part in it. */
	boolean hasAttention() {
		return this == CROSS_ATTENTION || this == DIFFERENCES_AND_CROSS_ATTENTION;
	}

	/** The strengths that are compared, less the one that was asked for. */
	private double[] offsets() {
		return this == DIFFERENCE ? ONE : SEVERAL;
	}

	/** How many strengths are compared. */
	int strengths() {
		return offsets().length;
	}

	/** Which of the strengths a noisy copy has: copies are spread over them evenly, few of them around the middle. */
	int strengthOf(final int copy, final int copies) {
		return (2 * copy + 1) * strengths() / (2 * copies);
	}

	/** What is added to the strength that was asked for. */
	double offset(final int strength) {
		return offsets()[strength];
	}
}
