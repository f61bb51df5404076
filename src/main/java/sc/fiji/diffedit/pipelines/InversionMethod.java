package sc.fiji.diffedit.pipelines;

import java.util.Set;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * How an image is carried towards noise. What an inversion leaves out, an edit cannot bring back inside the mask: with equal
 * descriptions and a mask of everything an exact method gives the image back to rounding, the others nearly so. Outside the mask
 * all are alike, since an edit takes the latents there from the inversion at every step.
 */
public enum InversionMethod {
	/** Song et al. 2020, run backwards: each step uses the noise of the level below, which is only nearly that of its own. */
	DDIM("DDIM"),
	/**
	 * DDIM whose step is repeated with the noise of the level it leads to, until that is nearly its own: the fixed-point iteration
	 * of Pan et al. 2023 ("Effective Real Image Editing with Accelerated Iterative Diffusion Inversion"), not accelerated.
	 */
	FIXED_POINT("Fixed point"),
	/** The same with the mean of the predicted noise (Garibi et al. 2024, "ReNoise: Real Image Inversion Through Iterative Noising"). */
	RENOISE("ReNoise"),
	/** DDIM whose early levels are averaged with those below (Zhang et al. 2025, "EasyInv: Toward Fast and Better DDIM Inversion"). */
	EASYINV("EasyInv"),
	/** The solver of second order of Lu et al. 2022, up and down, as diffusers' {@code DPMSolverMultistepInverseScheduler}. */
	DPM_SOLVER("DPM-Solver++"),
	/** Two coupled latents (Wallace et al. 2023, "EDICT: Exact Diffusion Inversion via Coupled Transformations"); exact. */
	EDICT("EDICT"),
	/** Two steps from one prediction (Zhang et al. 2023, "Exact Diffusion Inversion via Bi-directional Integration Approximation"); exact. */
	BDIA("BDIA"),
	/** The same with the weights of least error (Wang et al. 2024, "BELM: Bidirectional Explicit Linear Multi-step Sampler"); exact. */
	O_BELM("O-BELM"),
	/** Independent noise at each level, and what DDPM's steps leave over (Huberman-Spiegelglas et al. 2023, "An Edit Friendly DDPM Noise Space"); exact. */
	EDIT_FRIENDLY("Edit-friendly DDPM");

	private static final Set<InversionMethod> ITERATED = Set.of(FIXED_POINT, RENOISE), TWO_STEP = Set.of(BDIA, O_BELM), COUPLED = Set.of(EDICT, EDIT_FRIENDLY),
		EXACT = Set.of(EDICT, BDIA, O_BELM, EDIT_FRIENDLY);

	private final String word;

	InversionMethod(final String word) {
		this.word = word;
	}

	/** Its name in forms and macros. */
	public String word() {
		return word;
	}

	/** Whether the way back is the same definition, so that rounding is all that is lost. */
	public boolean isExact() {
		return EXACT.contains(this);
	}

	/** Whether it repeats its steps. */
	public boolean isIterated() {
		return ITERATED.contains(this);
	}

	/** Whether an edit comes back with DDIM, as without any such method. */
	boolean returnsByDdim() {
		return !isExact() && this != DPM_SOLVER;
	}

	/** The fewest steps: of two levels one is given to those that need two. */
	int leastSteps() {
		return TWO_STEP.contains(this) ? 2 : 1;
	}

	/** How often the latents of a level are kept: as such, and once more where the way back needs other numbers of the same shape. */
	public int parts() {
		return COUPLED.contains(this) ? 2 : 1;
	}

	/** Rows of the network for each image of an inversion without guidance. @param rounds repetitions of iterated methods */
	public long rows(final long steps, final int rounds) {
		if (this == EDICT) return 2 * steps;
		return isIterated() ? (1 + rounds) * steps : steps;
	}

	/** Rows of the network for each image of an edit without guidance. */
	public long rowsBack(final long steps) {
		if (this == EDICT) return 2 * steps;
		return TWO_STEP.contains(this) ? steps - 1 : steps;
	}

	/** The latents that mean an image, of all that is kept of a level. @param kept of shape (images, {@link #parts} x channels, h, w) */
	Tensor latents(final Tensor kept) {
		return parts() == 1 ? kept : kept.chunk(2, 1).get(0);
	}
}
