package sc.fiji.diffedit.pipelines;

import java.util.Collections;
import java.util.List;

/**
 * A request to {@link DiffEditPipeline#check}. Prompt lists hold one prompt for all results, or one per result.
 *
 * @param source what was in the image
 * @param target what should be there now
 * @param draws how often noise is put on a result, 1 or more; each takes two predictions
 * @param numInferenceSteps steps of the noise schedule, 1 or more
 * @param clipSkip number of last layers of the text encoder to skip, 0 for none
 * @param seeds one seed for all, or one per result
 */
public record CheckRequest(List<Prompt> source, List<Prompt> target, int draws, int numInferenceSteps, int clipSkip, List<Long> seeds) {

	/** Every default in one place; prompts are empty. */
	public static final CheckRequest DEFAULTS = new CheckRequest(List.of(Prompt.NONE), List.of(Prompt.NONE), 6, 50, 0, List.of(0L));

	/** Parts of the schedule up to which noise is put on the results: draws are spread over them evenly, few of them around the middle. */
	private static final double[] STRENGTHS = { 0.3, 0.5, 0.7 };

	/** @throws sc.fiji.diffedit.DiffEditException if a value is outside its range */
	public CheckRequest {
		source = List.copyOf(source);
		target = List.copyOf(target);
		seeds = List.copyOf(seeds);
		Checks.notEmpty("source", source);
		Checks.notEmpty("target", target);
		Checks.notEmpty("seeds", seeds);
		Checks.atLeastOne("draws", draws);
		Checks.atLeastOne("numInferenceSteps", numInferenceSteps);
		Checks.notNegative("clipSkip", clipSkip);
	}

	/** @param source what was in the image
	 *  @param target what should be there now */
	public static CheckRequest between(final String source, final String target) {
		return DEFAULTS.withPrompts(List.of(Prompt.of(source)), List.of(Prompt.of(target)));
	}

	void checkFor(final int results, final int masks) {
		Checks.given("target", target, Mode.DEFAULT);
		Checks.perImage("the source prompt", source, results);
		Checks.perImage("the target prompt", target, results);
		Checks.perImage("the mask", Collections.nCopies(masks, 0), results);
	}

	/** Index into the timesteps of a draw, from 0. */
	int level(final int draw) {
		final double strength = STRENGTHS[(2 * draw + 1) * STRENGTHS.length / (2 * draws)];
		return numInferenceSteps - Math.max(1, (int) Math.round(numInferenceSteps * strength));
	}

	// -- the same request with other values --

	public CheckRequest withPrompts(final List<Prompt> source, final List<Prompt> target) {
		return new CheckRequest(source, target, draws, numInferenceSteps, clipSkip, seeds);
	}

	public CheckRequest withDraws(final int draws) {
		return new CheckRequest(source, target, draws, numInferenceSteps, clipSkip, seeds);
	}

	public CheckRequest withNumInferenceSteps(final int numInferenceSteps) {
		return new CheckRequest(source, target, draws, numInferenceSteps, clipSkip, seeds);
	}

	public CheckRequest withClipSkip(final int clipSkip) {
		return new CheckRequest(source, target, draws, numInferenceSteps, clipSkip, seeds);
	}

	public CheckRequest withSeeds(final List<Long> seeds) {
		return new CheckRequest(source, target, draws, numInferenceSteps, clipSkip, seeds);
	}
}
