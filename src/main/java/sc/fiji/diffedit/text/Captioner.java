package sc.fiji.diffedit.text;

import java.util.List;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.BlipForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.models.TextGeneration;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;

/** Says what is in a picture, with BLIP (transformers {@code BlipForConditionalGeneration.generate}). */
public final class Captioner {

	private final Tokenizer tokenizer;
	private final BlipImageProcessor processor;
	private final BlipForConditionalGeneration model;
	private final Device device;

	/** @param device where the model works */
	public Captioner(final Tokenizer tokenizer, final BlipImageProcessor processor, final BlipForConditionalGeneration model,
		final Device device)
	{
		this.tokenizer = tokenizer;
		this.processor = processor;
		this.model = model;
		this.device = device;
	}

	/** Describes a picture. */
	public String caption(final Picture picture, final CaptionRequest ask) {
		return caption(picture, ask, made -> {});
	}

	/**
	 * Describes a picture.
	 *
	 * @param progress told the number of tokens after each; may throw {@code CancelledException}
	 * @return the beginning that was asked for and what follows it, in lower case
	 */
	public String caption(final Picture picture, final CaptionRequest ask, final IntConsumer progress) {
		return tokenizer.decode(ids(picture, ask, progress));
	}

	long[] ids(final Picture picture, final CaptionRequest ask, final IntConsumer progress) {
		final BlipConfig.Text config = model.config().text();
		final TextGeneration generation = new TextGeneration(config.sepTokenId(), config.padTokenId(), ask.maxNewTokens(), progress);
		final long[] start = start(ask.beginning());
		try (Scope scope = Scope.open();
			TextDecoder caption = model.describe(model.look(processor.preprocess(List.of(picture)).to(device))))
		{
			if (ask.numBeams() > 1) return generation.beams(caption, start, ask.numBeams());
			return generation.greedy(caption, new long[][] { start })[0];
		}
	}

	/** The beginning without its end token, its first token replaced by the one that begins a caption. */
	private long[] start(final String beginning) {
		final long[] ids = tokenizer.encode(beginning);
		final long[] start = java.util.Arrays.copyOf(ids, Math.max(1, ids.length - 1));
		start[0] = model.config().text().bosTokenId();
		return start;
	}
}
