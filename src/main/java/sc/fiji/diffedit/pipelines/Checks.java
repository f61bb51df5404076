package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** Rejects invalid arguments, with a message on what to change. */
final class Checks {

	private Checks() {}

	static void atLeastOne(final String name, final int value) {
		if (value < 1) throw new DiffEditException(name + " is " + value + "; it must be 1 or more.");
	}

	static void notNegative(final String name, final int value) {
		if (value < 0) throw new DiffEditException(name + " is " + value + "; it must be 0 or more.");
	}

	/** Prompts and seeds: one for all images, or one for each. */
	static void notEmpty(final String name, final List<?> values) {
		if (values.isEmpty()) throw new DiffEditException("The list " + name + " is empty; give one for all images or one for each image.");
	}

	static void finite(final String name, final double value) {
		if (!Double.isFinite(value)) throw new DiffEditException(name + " is " + value + "; it must be a finite number.");
	}

	static void between(final String name, final double value, final double low, final double high) {
		if (!(value >= low && value <= high)) {
			throw new DiffEditException(name + " is " + value + "; it must lie between " + low + " and " + high + ".");
		}
	}

	static void thresholdingRatio(final double ratio) {
		if (!(ratio > 0) || Double.isInfinite(ratio)) {
			throw new DiffEditException("maskThresholdingRatio is " + ratio + "; it must be above 0 (3.0 is usual).");
		}
	}

	/** What every request for images has. */
	static void generation(final int numInferenceSteps, final double guidanceScale, final double guidanceRescale, final int numImagesPerPrompt, final double eta,
		final int clipSkip)
	{
		atLeastOne("numInferenceSteps", numInferenceSteps);
		finite("guidanceScale", guidanceScale);
		between("guidanceRescale", guidanceRescale, 0, 1);
		atLeastOne("numImagesPerPrompt", numImagesPerPrompt);
		between("eta", eta, 0, 1);
		notNegative("clipSkip", clipSkip);
	}

	/** Number of steps that a strength leaves of a schedule: {@code int(steps * strength)}, as in diffusers. */
	static int steps(final String name, final double strength, final int numInferenceSteps) {
		atLeastOne("numInferenceSteps", numInferenceSteps);
		between(name, strength, 0, 1);
		final int steps = Math.min((int) (numInferenceSteps * strength), numInferenceSteps);
		if (steps < 1) {
			throw new DiffEditException(name + " " + strength + " leaves no step of " + numInferenceSteps + "; use at least "
				+ leastStrength(numInferenceSteps) + ", or more steps.");
		}
		return steps;
	}

	/** Two-step methods begin with two levels, of which the lower one is not edited any more. */
	static void stepsFor(final InversionMethod method, final int steps) {
		if (steps < method.leastSteps()) throw new DiffEditException("The inversion " + method.word() + " needs at least " + Counted.of(method.leastSteps(), "step") + ", but the strength leaves " + steps
			+ "; use a larger strength or more steps.");
	}

	/** The way back of exact methods needs the predictions of the way up again. */
	static void wholeSteps(final InversionMethod method, final DeepCache cache) {
		if (method.isExact() && !cache.isOff()) throw new DiffEditException("The way back of " + method.word() + " needs the same predictions as its way up, which steps that take over deep features do not make; use cacheInterval 1 instead of "
			+ cache.cacheInterval() + ", or the inversion DDIM.");
	}

	/** The least strength that leaves a step: for 49 of them and some others, {@code 1 / steps} is rounded below it. */
	private static double leastStrength(final int steps) {
		final double part = 1.0 / steps;
		return steps * part < 1 ? Math.nextUp(part) : part;
	}

	/** How many results so many images and these lists of prompts make: where one image has several prompts, one for each of them. */
	@SafeVarargs
	static int batch(final int images, final List<Prompt>... prompts) {
		int most = images;
		for (final List<Prompt> list : prompts) {
			if (images == 1) most = Math.max(most, list.size());
		}
		return most;
	}

	/** A list of prompts must hold one, or one per image. */
	static void perImage(final String name, final List<?> values, final int images) {
		if (values.size() != 1 && values.size() != images) {
			throw new DiffEditException(Counted.there(values.size(), "value") + " of " + name + " for a batch of " + images
				+ "; give one for all or one for each image.");
		}
	}

	/** A prompt that must be there: not left out, and outside parity mode not blank either. */
	static void given(final String name, final List<Prompt> prompts, final Mode mode) {
		for (final Prompt prompt : prompts) {
			final boolean missing = prompt instanceof Prompt.None;
			final boolean blank = prompt instanceof Prompt.Text text && text.text().isBlank() && text.text2().isBlank();
			if (missing || blank && mode == Mode.DEFAULT) {
				throw new DiffEditException("The " + name + " prompt is empty; say in a few words what it should describe.");
			}
		}
	}

	/** Latents to go on from belong to a start behind the beginning. */
	static void latentsGiven(final boolean latents, final double denoisingStart) {
		if (latents && denoisingStart <= 0) {
			throw new DiffEditException("There are latents to go on from, but denoisingStart is 0; say where the base model stopped.");
		}
	}
}
