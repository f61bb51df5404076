package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * How a mask compares its prompts: two predictions for each noisy copy where the negatives are equal, four where they differ.
 */
final class PromptComparison {

	private final MaskRequest request;
	private final boolean distilled;
	/** Source, target and, where they matter, the source's and the target's negative; a row for each copy. */
	private final List<Conditioning> conditionings = new ArrayList<>();
	/** Of each image, where attention is asked for. */
	private final List<ChangedWords> changed = new ArrayList<>();

	/**
	 * @param height of the latents
	 * @param width of the latents
	 */
	PromptComparison(final DiffusionModel model, final MaskRequest request, final int images, final long height, final long width) {
		this.request = request;
		distilled = model.unet().config().isGuidanceDistilled();
		final PromptConditioner conditioner = PromptConditioner.plain(model, request.clipSkip(), height, width)
			.forPrompts(request.source(), request.target(), request.sourceNegative(), request.targetNegative());
		conditionings.add(conditioner.rows(request.source(), images));
		conditionings.add(conditioner.rows(request.target(), images));
		if (request.guidanceScale() > 1 && !distilled && !conditioner.same(request.sourceNegative(), request.targetNegative(), images)) {
			conditionings.add(conditioner.negativeRows(request.sourceNegative(), images));
			conditionings.add(conditioner.negativeRows(request.targetNegative(), images));
		}
		if (request.maskSource().hasAttention()) {
			for (int i = 0; i < images; i++) changed.add(ChangedWords.between(conditioner.words(of(request.source(), i)), conditioner.words(of(request.target(), i))));
		}
		conditionings.replaceAll(rows -> GuidanceEmbedding.in(rows, model.unet(), request.guidanceScale()).map(t -> t.repeatInterleave(request.numMapsPerMask())));
	}

	private static Prompt of(final List<Prompt> prompts, final int image) {
		return prompts.get(prompts.size() == 1 ? 0 : image);
	}

	/** The words that differ between the prompts of an image; only where the request's heat map {@linkplain MaskSource#hasAttention has attention}. */
	ChangedWords changedWords(final int image) {
		return changed.get(image);
	}

	/** The conditionings of some copies, in the innermost scope. */
	List<Conditioning> rows(final long from, final long to) {
		return conditionings.stream().map(rows -> rows.map(t -> t.slice(0, from, to))).toList();
	}

	/** The difference of the predictions, guided. */
	Tensor difference(final List<Tensor> predicted) {
		final Tensor source = predicted.get(0);
		final Tensor target = predicted.get(1);
		if (predicted.size() == 2) return target.minus(source).multiply(equalNegativesFactor());
		final Tensor sourceNegative = predicted.get(2);
		final Tensor targetNegative = predicted.get(3);
		return request.mode() == Mode.PARITY ? guided(target, targetNegative).minus(guided(source, sourceNegative))
			: guided(targetNegative, target).minus(guided(sourceNegative, source));
	}

	private Tensor guided(final Tensor from, final Tensor towards) {
		return from.plus(towards.minus(from).multiply(request.guidanceScale()));
	}

	/** What guidance does to the difference when the negatives cancel: with diffusers' swap, 1 - scale. Networks that were distilled with guidance have done it. */
	private double equalNegativesFactor() {
		if (request.guidanceScale() <= 1 || distilled) return 1;
		return request.mode() == Mode.PARITY ? 1 - request.guidanceScale() : request.guidanceScale();
	}
}
