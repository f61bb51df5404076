package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.ClipTokenizer;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.text.StableDiffusionPromptEncoder;
import sc.fiji.diffedit.text.StableDiffusionXLPromptEncoder;
import sc.fiji.diffedit.weights.ModelFolder;

/** Creates the tokenizers and text encoders of a model: one of each for SD 1.x, SD 2.x and SDXL's refiner, two for SDXL. */
final class TextParts {

	private static final String FIRST = "text_encoder", SECOND = "text_encoder_2";
	private static final Logger LOG = LoggerFactory.getLogger(TextParts.class);

	/** Height and width of three sizes; a refiner is told two and a score. */
	private static final int BASE_SIZES = 6, REFINER_SIZES = 5;

	private final OpenModel model;

	TextParts(final OpenModel model) {
		this.model = model;
	}

	/** Only the text encoders, by component name. */
	Map<String, Network> networks() {
		final Map<String, Network> encoders = new LinkedHashMap<>();
		if (model.folder().has(FIRST)) encoders.put(FIRST, first());
		if (model.folder().has(SECOND)) encoders.put(SECOND, second());
		return encoders;
	}

	PromptEncoder promptEncoder() {
		final Consumer<String> warnings = LOG::warn;
		if (!model.folder().has(SECOND)) return new StableDiffusionPromptEncoder(tokenizer("tokenizer"), first(), model.memory().inputs(FIRST), warnings);
		final CLIPTextModelWithProjection second = second();
		final Device at = model.memory().inputs(SECOND);
		final ClipTokenizer tokenizer2 = tokenizer("tokenizer_2");
		return model.folder().has(FIRST)
			? StableDiffusionXLPromptEncoder.base(tokenizer("tokenizer"), first(), tokenizer2, second, forceZeros(), at, warnings)
			: StableDiffusionXLPromptEncoder.refiner(tokenizer2, second, forceZeros(), at, warnings);
	}

	/**
	 * The second text encoder of a base model, for this refiner.
	 *
	 * @param accepted by the UNet
	 * @param device of the UNet
	 * @throws DiffEditException if it does not fit
	 */
	PromptEncoder sharedWith(final DiffusionModel base, final List<Integer> widths, final Device device) {
		if (!(base.promptEncoder() instanceof StableDiffusionXLPromptEncoder own) || widths.stream().anyMatch(width -> width != own.widthOfSecond())
			|| !base.device().equals(device))
		{
			throw new DiffEditException("Model '" + model.options().model() + "' cannot share parts of '" + base.name()
				+ "': that must be an SDXL base model on the same device, whose second text encoder gives what the refiner reads. Load it by itself.");
		}
		return own.asRefiner(forceZeros());
	}

	/**
	 * SDXL's UNets take a pooled text and the sizes of images in one row.
	 *
	 * @throws DiffEditException if the config of the UNet wants a longer or shorter row than the second text encoder and the sizes make
	 */
	void requireSizes(final UNet2DConditionConfig unet) {
		if (!model.folder().has(SECOND)) return;
		final int pooled = CLIPTextConfig.of(model.config(SECOND)).projectionDim();
		final int sizes = unet.projectionInput() - pooled;
		if (sizes == BASE_SIZES * unet.additionTimeEmbedDim() || sizes == REFINER_SIZES * unet.additionTimeEmbedDim()) return;
		throw new DiffEditException(unet.source() + " asks for projection_class_embeddings_input_dim " + unet.projectionInput() + " and addition_time_embed_dim " + unet.additionTimeEmbedDim() + ", but the " + Counted.of(pooled, "number")
			+ " of a pooled text and " + BASE_SIZES + " sizes (of a refiner " + REFINER_SIZES + ") do not make that length; take the config from the folder that the weights come from.");
	}

	private boolean forceZeros() {
		return model.folder().index().getBoolean("force_zeros_for_empty_prompt", true);
	}

	private CLIPTextModel first() {
		return model.place(FIRST, new CLIPTextModel(CLIPTextConfig.of(model.config(FIRST)), model.adaptable(FIRST), model.options().dtype(),
			model.memory().built(FIRST)));
	}

	private CLIPTextModelWithProjection second() {
		return model.place(SECOND, new CLIPTextModelWithProjection(CLIPTextConfig.of(model.config(SECOND)), model.adaptable(SECOND), model.options().dtype(),
			model.memory().built(SECOND)));
	}

	private ClipTokenizer tokenizer(final String part) {
		return model.keep(tokenizer(model.folder(), part));
	}

	/** @throws DiffEditException if its files are damaged, missing or of another kind */
	static ClipTokenizer tokenizer(final ModelFolder folder, final String part) {
		return folder.standardTokenizer(part).map(clip -> ClipTokenizer.read(clip.texts())).orElseGet(() -> ClipTokenizer.read(folder.directory(part)));
	}
}
