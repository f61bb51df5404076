package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.PromptEncoder;

/**
 * Turns prompts into the conditioning of the UNet. Each different prompt is encoded once per conditioner. Models that were trained
 * with size conditioning (SDXL) get sizes too; their number distinguishes a base model (6) from a refiner (5).
 */
final class PromptConditioner {

	private static final int IDS_WITH_SCORE = 5;

	private final DiffusionModel model;
	private final int clipSkip;
	private final SizeConditioning sizes;
	private final ImageSize result;
	private final Mode mode;
	private final Map<Key, Conditioning> encodedPrompts = new LinkedHashMap<>();
	private PromptEncoder encoder;

	/** A prompt and how many layers of the text encoder it skips. */
	private record Key(Prompt prompt, int clipSkip) {}

	/** @param result size of the result in pixels, the default of every size that is left out */
	PromptConditioner(final DiffusionModel model, final int clipSkip, final SizeConditioning sizes, final ImageSize result, final Mode mode) {
		this.model = model;
		this.encoder = model.promptEncoder();
		this.clipSkip = clipSkip;
		this.sizes = sizes;
		this.result = result;
		this.mode = mode;
	}

	/** Sizes as DiffEdit uses them: the size of the image, uncropped, for prompt and negative alike. */
	static PromptConditioner plain(final DiffusionModel model, final int clipSkip, final long latentHeight, final long latentWidth) {
		final ImageSize size = ImageSize.ofLatents(latentHeight, latentWidth, model.vae().vaeScale());
		return new PromptConditioner(model, clipSkip, SizeConditioning.DEFAULTS, size, Mode.DEFAULT);
	}

	/**
	 * Names all prompts whose rows will stand in one batch, before the first row is requested: where long prompts are allowed,
	 * all get as many tokens as the longest needs.
	 */
	@SafeVarargs
	final PromptConditioner forPrompts(final List<Prompt>... prompts) {
		final List<String> texts = new ArrayList<>();
		for (final List<Prompt> list : prompts) {
			for (final Prompt prompt : list) {
				if (prompt instanceof Prompt.Text text) texts.addAll(List.of(text.text(), text.text2()));
			}
		}
		encoder = model.promptEncoder().forPrompts(texts);
		encodedPrompts.clear();
		return this;
	}

	/** One row per image; a single prompt serves all. */
	Conditioning rows(final List<Prompt> prompts, final int images) {
		final Conditioning rows = encoded(prompts, images, clipSkip);
		if (!isSized()) return rows;
		return withIds(rows, sizes.originalSize(), sizes.cropsCoordsTopLeft(), sizes.targetSize(), sizes.aestheticScore());
	}

	/**
	 * The same for negative prompts, which never skip layers (as in diffusers) and may have sizes of their own. diffusers'
	 * image-to-image forgets the base model's negative corner.
	 */
	Conditioning negativeRows(final List<Prompt> prompts, final int images) {
		final Conditioning rows = encoded(prompts, images, 0);
		if (!isSized()) return rows;
		final ImageSize corner = mode == Mode.PARITY && ids(rows) != IDS_WITH_SCORE ? sizes.cropsCoordsTopLeft()
			: sizes.negativeCropsCoordsTopLeft().orElse(mode == Mode.PARITY ? ImageSize.ZERO : sizes.cropsCoordsTopLeft());
		return withIds(rows, sizes.negativeOriginalSize().or(sizes::originalSize), corner, sizes.negativeTargetSize().or(sizes::targetSize),
			sizes.negativeAestheticScore());
	}

	private Conditioning encoded(final List<Prompt> prompts, final int images, final int skip) {
		final List<Conditioning> rows = new ArrayList<>();
		for (int i = 0; i < images; i++) rows.add(of(new Key(plain(prompts.get(prompts.size() == 1 ? 0 : i)), skip)));
		return rows.size() == 1 ? rows.get(0) : Conditioning.cat(rows);
	}

	private boolean isSized() {
		return model.unet().config().addedTextTime();
	}

	private Conditioning withIds(final Conditioning rows, final Optional<ImageSize> original, final ImageSize corner,
		final Optional<ImageSize> target, final double score)
	{
		final ImageSize from = original.orElse(result);
		final ImageSize to = target.orElse(result);
		final float[] ids = ids(rows) == IDS_WITH_SCORE
			? new float[] { from.height(), from.width(), corner.height(), corner.width(), (float) score }
			: new float[] { from.height(), from.width(), corner.height(), corner.width(), to.height(), to.width() };
		return rows.with(Conditioning.TIME_IDS, place(Tensor.of(ids, 1, ids.length)).repeat(rows.batch()));
	}

	/** Number of time ids that the model has in addition to the pooled text embedding. */
	private int ids(final Conditioning rows) {
		final Tensor pooled = rows.added().get(Conditioning.TEXT_EMBEDS);
		if (pooled == null) {
			throw new DiffEditException("Model '" + model.name() + "' needs a pooled embedding with each prompt embedding; give both, or text.");
		}
		return (model.unet().config().projectionInput() - (int) pooled.size(1)) / model.unet().config().additionTimeEmbedDim();
	}

	/**
	 * The words of a prompt as its rows have them, for each text encoder.
	 *
	 * @throws DiffEditException if the prompt is an embedding, which has none
	 */
	List<long[]> words(final Prompt prompt) {
		if (prompt instanceof Prompt.Embedding) {
			throw new DiffEditException("The heat map from cross-attention compares the words of two prompts, but one of them is an embedding; give both as text, or choose another heat map.");
		}
		return prompt instanceof Prompt.Text text ? encoder.words(text.text(), text.text2()) : encoder.words("", "");
	}

	/** Whether two lists of prompts are the same to the model for every image. */
	boolean same(final List<Prompt> some, final List<Prompt> others, final int images) {
		for (int i = 0; i < images; i++) {
			if (!plain(some.get(some.size() == 1 ? 0 : i)).equals(plain(others.get(others.size() == 1 ? 0 : i)))) return false;
		}
		return true;
	}

	private Conditioning of(final Key key) {
		if (!encodedPrompts.containsKey(key)) encodedPrompts.put(key, encode(key).map(this::place));
		return encodedPrompts.get(key);
	}

	/** An omitted prompt is the empty text, unless the model uses zeros for it. */
	private Prompt plain(final Prompt prompt) {
		return prompt instanceof Prompt.None && !model.promptEncoder().zerosForMissing() ? Prompt.of("") : prompt;
	}

	private Conditioning encode(final Key key) {
		if (key.prompt() instanceof Prompt.Embedding embedding) {
			return conditioning(Tensor.of(embedding.values(), 1, embedding.tokens(), embedding.width()),
				embedding.pooled().length == 0 ? List.of() : List.of(Tensor.of(embedding.pooled(), 1, embedding.pooled().length)));
		}
		if (key.prompt() instanceof Prompt.Text text) return encoder.encode(List.of(text.text()), List.of(text.text2()), key.clipSkip());
		return encoder.encodeMissing();
	}

	private static Conditioning conditioning(final Tensor encoderHiddenStates, final List<Tensor> pooled) {
		return pooled.isEmpty() ? Conditioning.of(encoderHiddenStates) : Conditioning.of(encoderHiddenStates).with(Conditioning.TEXT_EMBEDS, pooled.get(0));
	}

	private Tensor place(final Tensor tensor) {
		return tensor.to(model.unet().dtype()).to(model.device());
	}
}
