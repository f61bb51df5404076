package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.BlipForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.models.TextGeneration;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.ModelFolder;

/** Captions pictures with BLIP (transformers {@code BlipForConditionalGeneration.generate}). */
public final class Captioner implements AutoCloseable {

	private final Resources opened;
	private final Tokenizer tokenizer;
	private final BlipImageProcessor processor;
	private final BlipForConditionalGeneration model;
	private final Device device;

	/**
	 * A captioner with components that are owned and closed by the caller.
	 *
	 * @param device of the model
	 */
	public Captioner(final Tokenizer tokenizer, final BlipImageProcessor processor, final BlipForConditionalGeneration model,
		final Device device)
	{
		this(new Resources(), tokenizer, processor, model, device);
	}

	private Captioner(final Resources opened, final Tokenizer tokenizer, final BlipImageProcessor processor,
		final BlipForConditionalGeneration model, final Device device)
	{
		this.opened = opened;
		this.tokenizer = tokenizer;
		this.processor = processor;
		this.model = model;
		this.device = device;
	}

	/**
	 * Opens the folder of a BLIP captioning model, with {@code config.json}, weights, {@code preprocessor_config.json} and
	 * the tokenizer's files. Weights are loaded at first use. To be closed by the caller.
	 *
	 * @param dtype data type to compute in
	 * @param device where to compute
	 * @throws sc.fiji.diffedit.DiffEditException if a part is missing, damaged or of another kind
	 */
	public static Captioner open(final Path folder, final DType dtype, final Device device) {
		return Resources.with(opened -> {
			final ModelFolder files = opened.keep(ModelFolder.open(folder));
			final BlipConfig config = config(files);
			final Config images = Config.read(files.file(ModelFolder.WHOLE, "preprocessor_config.json"));
			final BlipImageProcessor processor = BlipImageProcessor.of(images);
			Resources.tellUnread(images, KnownNames.IMAGE_PROCESSOR_KEYS);
			final Tokenizer tokenizer = opened.keep(BertTokenizer.read(files.root()));
			final BlipForConditionalGeneration model = opened.keep(new BlipForConditionalGeneration(config, files.weights(ModelFolder.WHOLE), dtype, device));
			return new Captioner(opened, tokenizer, processor, model, device);
		});
	}

	/** @throws sc.fiji.diffedit.DiffEditException if the folder holds a model of another kind */
	public static BlipConfig config(final ModelFolder files) {
		final Config config = Resources.config(files, "blip");
		final BlipConfig blip = BlipConfig.of(config);
		Resources.tellUnread(config, Resources.WRITER_KEYS);
		return blip;
	}

	/** Describes a picture. */
	public String caption(final Picture picture, final CaptionRequest request) {
		return caption(picture, request, made -> {});
	}

	/**
	 * Describes a picture.
	 *
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @return the beginning that was requested and what follows it, in lower case
	 */
	public String caption(final Picture picture, final CaptionRequest request, final IntConsumer progress) {
		return tokenizer.decode(tokens(picture, request, progress));
	}

	/** The caption's token IDs, starting with the start token. */
	public long[] tokens(final Picture picture, final CaptionRequest request, final IntConsumer progress) {
		final BlipConfig.Text config = model.config().text();
		final TextGeneration generation = new TextGeneration(config.sepTokenId(), config.padTokenId(), request.maxNewTokens(), progress);
		final long[] start = start(request.beginning());
		try (Scope scope = Scope.open();
			TextDecoder caption = model.describe(model.encodeImage(processor.preprocess(List.of(picture)).to(device))))
		{
			if (request.numBeams() > 1) return generation.beams(caption, start, request.numBeams());
			return generation.greedy(caption, new long[][] { start })[0];
		}
	}

	/** The prompt's token IDs without the end token, the first replaced by the start token of captions. */
	private long[] start(final String beginning) {
		final long[] ids = tokenizer.encode(beginning);
		final long[] start = Arrays.copyOf(ids, Math.max(1, ids.length - 1));
		start[0] = model.config().text().bosTokenId();
		return start;
	}

	/** Frees what {@link #open} opened. */
	@Override
	public void close() {
		opened.close();
	}
}
