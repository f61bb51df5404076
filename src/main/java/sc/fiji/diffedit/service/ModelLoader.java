package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.hub.Whole;
import sc.fiji.diffedit.memory.BudgetedBatches;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.BatchedUNet;
import sc.fiji.diffedit.models.FiniteUNet;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.results.RememberedAutoencoder;
import sc.fiji.diffedit.results.RememberedUNet;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.weights.ModelFolder;

/**
 * Loads a model from a diffusers folder. The classes of its components are read from {@code model_index.json} and the configs,
 * never inferred from names. If loading fails, everything opened so far is closed.
 */
final class ModelLoader {

	private static final String UNET = "unet";
	private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

	private final OpenModel model;

	private ModelLoader(final OpenModel model) {
		this.model = model;
	}

	/**
	 * Loads a model; must be called on the device's thread.
	 *
	 * @param base whose second text encoder and autoencoder are used instead of the model's own
	 * @param results the cache for its results
	 */
	static LoadedModel load(final LoadOptions options, final Device device, final Mover mover, final Optional<LoadedModel> base,
		final ResultStore results, final DeviceExecutor executor)
	{
		final OpenModel open = new OpenModel(options, device, mover, base.isPresent(), LOG::warn);
		try {
			final FileStamps files = open.stamps();
			final Runnable sound = () -> {
				files.check(options.model());
				open.adapted().check(options.model());
			};
			Whole.requireNamed(open.folder().weightFiles());
			final Parts parts = new ModelLoader(open).parts(base, device);
			final ModelIdentity identity = new ModelIdentity(files, options, open.plan().chosen(), parts.vae(), device, open.adapted(), base.map(LoadedModel::identity));
			final DiffusionModel model = new DiffusionModel(options.model(), parts.promptEncoder(),
				new RememberedUNet(parts.unet(), results.of(options.model(), identity::ofUnet, sound)),
				base.isPresent() ? parts.vae() : new RememberedAutoencoder(parts.vae(), results.of(options.model(), identity::ofAutoencoder, sound)),
				open.config("scheduler"), parts.safety(), open.memory().inputs(UNET));
			final List<String> notices = open.notices();
			notices.forEach(LOG::warn);
			LOG.info("Model '{}' is open on {} in {} with the memory plan {}", options.model(), device, options.dtype(), open.plan().plan());
			return new LoadedModel(options, model, open.adapted(), open.memory(), open.fingerprint(), files, open.bytes(), open.plan().planned(), base,
				identity, results, notices, executor, open);
		}
		catch (final RuntimeException | Error e) {
			open.close();
			throw e;
		}
	}

	/**
	 * The expected memory of runs with a model, without loading it: its networks are described from configs and file headers,
	 * without reading weights or using libtorch. May be called from any thread.
	 *
	 * @param base the same for the model whose components this one shares
	 */
	static ExpectedMemory describe(final LoadOptions options, final Device device, final Mover mover, final Optional<ExpectedMemory> base, final BooleanSupplier made) {
		try (OpenModel open = new OpenModel(options, device, mover, base.isPresent(), note -> {})) {
			final ModelLoader loader = new ModelLoader(open);
			final UNet2DConditionModel unet = loader.unet();
			if (open.plan().isPacked()) PackedWeights.describe(unet);
			final Networks networks = new Networks(loader.batched(unet), base.map(shared -> shared.networks().vae()).orElseGet(() -> AutoencoderParts.of(open)),
				base.map(shared -> shared.networks().ofSecondEncoder()).orElseGet(() -> new TextParts(open).networks()),
				SafetyParts.of(open).map(SafetyFilter::checker));
			final PlannedWeights planned = open.plan().planned();
			return new ExpectedMemory(networks, planned, open.stamps(), base, made, speed(options, planned, networks), tokenizer(open.folder()));
		}
	}

	private static Optional<Path> tokenizer(final ModelFolder folder) {
		return Stream.of("tokenizer", "tokenizer_2").filter(folder::has).findFirst().filter(part -> folder.standardTokenizer(part).isEmpty()).map(folder::directory);
	}

	/** The measured speed of this machine with a model, which depends on its data type, device and preset. */
	static Speed speed(final LoadOptions options, final PlannedWeights planned, final Networks networks) {
		return new Speed(Timings.ofMachine(), options.model() + " " + options.dtype() + " " + planned.device() + " " + planned.plan().preset(), networks);
	}

	/** The components of a model; only a shared autoencoder has the result cache already. */
	private record Parts(UNet unet, PromptEncoder promptEncoder, Autoencoder vae, Optional<SafetyFilter> safety) {}

	private Parts parts(final Optional<LoadedModel> base, final Device device) {
		final UNet2DConditionModel unet = unet();
		pack(unet);
		final TextParts text = new TextParts(model);
		final PromptEncoder promptEncoder = base.map(shared -> text.sharedWith(shared.model(), unet.config().crossAttentionDim(), device)).orElseGet(text::promptEncoder);
		final Autoencoder vae = base.map(shared -> shared.model().vae()).orElseGet(() -> AutoencoderParts.of(model));
		final Parts parts = new Parts(batched(unet), promptEncoder, vae, SafetyParts.of(model));
		model.keep(model.adapted());
		return parts;
	}

	private UNet2DConditionModel unet() {
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(model.config(UNET));
		if (config.addedTextTime()) new TextParts(model).requireSizes(config);
		final UNet2DConditionModel unet = model.place(UNET, new UNet2DConditionModel(config, model.adaptable(UNET),
			model.options().dtype(), model.memory().built(UNET)));
		unet.setChannelsLast(model.plan().plan().channelsLast().isOn());
		return unet;
	}

	private UNet batched(final UNet2DConditionModel unet) {
		return new FiniteUNet(new BatchedUNet(unet, new BudgetedBatches(model.plan()::allowance)));
	}

	private void pack(final UNet2DConditionModel unet) {
		if (model.plan().isPacked()) PackedWeights.attach(unet, 0);
		else if (model.options().memory().packed().isOn() && model.memory().device(UNET).isCpu()) {
			LOG.warn("The weights of the UNet are not packed, since {}.", model.memory().manages(UNET) ? "the memory plan offloads, places or casts them"
				: "this machine has not the memory, or cannot pack weights of the model's type");
		}
	}
}
