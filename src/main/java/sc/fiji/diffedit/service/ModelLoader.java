package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.memory.Automatic;
import sc.fiji.diffedit.memory.BudgetedBatches;
import sc.fiji.diffedit.memory.Choice;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.memory.PlacedAutoencoder;
import sc.fiji.diffedit.memory.PreciseAutoencoder;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.memory.SlicedAutoencoder;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.models.BatchedUNet;
import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.StableDiffusionSafetyChecker;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.results.RememberedAutoencoder;
import sc.fiji.diffedit.results.RememberedUNet;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.ClipTokenizer;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.text.StableDiffusionPromptEncoder;
import sc.fiji.diffedit.text.StableDiffusionXLPromptEncoder;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Reading;
import sc.fiji.diffedit.weights.Weights;

/**
 * Puts a model together from a diffusers folder: which classes it has is read from its own {@code model_index.json} and
 * configs, never from a name. What was opened before a failure is closed again.
 */
final class ModelLoader {

	private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

	/** A component has at least so many groups of blocks about as large as the one that is there at a time. */
	private static final long BLOCKS = 8;

	private final LoadOptions options;
	private final Device device;
	private final Device physical;
	/** What was asked for with its preset chosen, and the same with every part of that preset. */
	private MemoryPlan chosen;
	private MemoryPlan plan;
	private final Map<String, Long> sizes = new LinkedHashMap<>();
	private final ModelFolder folder;
	private final ModelMemory memory;
	private final boolean shares;
	private final Optional<LoadedModel> base;
	private final AdaptedModel adapted = new AdaptedModel();
	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	/**
	 * @param root folder or file of the model
	 * @param base whose parts take the place of the model's own
	 * @param shares whether there is such a base, though it may not be in memory
	 * @param notes takes a sentence where something of the plan cannot be
	 */
	private ModelLoader(final LoadOptions options, final Device device, final Mover mover, final Path root, final Optional<LoadedModel> base, final boolean shares,
		final Consumer<String> notes)
	{
		this.options = options;
		this.device = device;
		this.physical = mover.physical(device);
		this.folder = ModelFolder.open(root, options.files().withReading(reading(options)));
		this.base = base;
		this.shares = shares;
		opened.push(folder);
		this.memory = keep(memory(mover, notes));
	}

	private ModelMemory memory(final Mover mover, final Consumer<String> notes) {
		try {
			for (final String component : MemoryPlan.COMPONENTS) {
				if (folder.has(component) && !isShared(component) && !isLeftOut(component)) sizes.put(component, folder.weights(component).byteCount(options.dtype()));
			}
			chosen = Automatic.resolved(options.memory(), physical, inMemory(), room());
			plan = chosen.filledFor(device);
			return new ModelMemory(plan, device, mover, sizes, notes);
		}
		catch (final RuntimeException e) {
			folder.close();
			throw e;
		}
	}

	/** The components' sizes where everything is in memory, the UNet packed if it can be. */
	private Map<String, Long> inMemory() {
		final Map<String, Long> all = new LinkedHashMap<>(sizes);
		if (physical.isCpu()) all.computeIfPresent("unet", (name, plain) -> canBePacked() ? PackedWeights.bytes(plain, options.dtype()) : plain);
		return all;
	}

	private boolean canBePacked() {
		return PackedWeights.fit(sizes.getOrDefault("unet", 0L), options.dtype());
	}

	/** Bytes of the device that may be taken now, less a reserve. */
	private long room() {
		final FreeMemory memory = FreeMemory.ofMachine();
		return Math.max(0, memory.available(physical) - MemoryEstimate.reserve(memory.total(physical)));
	}

	/** Bytes that the activations of one call may take: what is free, and with presets that save memory no more than their share. */
	private long allowance() {
		final long most = switch (plan.preset()) {
			case BALANCED -> 2_000_000_000L;
			case LOW_MEMORY -> 1_000_000_000L;
			case LOWEST_MEMORY -> 0;
			default -> Long.MAX_VALUE;
		};
		return Math.min(most, room());
	}

	/** What weights take besides mapped files: packed ones and those of another type on a CPU, and whatever is there at once elsewhere. */
	private PlannedWeights planned() {
		final Map<String, Long> turns = new LinkedHashMap<>();
		long once = 0;
		for (final String component : sizes.keySet()) {
			if (!memory.device(component).equals(device)) continue;
			final long bytes = device.isCpu() ? bytesOnCpu(component) : stored(component);
			switch (plan.offloadOf(component).kind()) {
				case NONE -> once += bytes;
				case MODEL -> turns.put(component, bytes);
				default -> turns.put(component, bytes / BLOCKS);
			}
		}
		return new PlannedWeights(chosen, physical, once, turns);
	}

	private long bytesOnCpu(final String component) {
		if (component.equals("unet") && isPacked()) return PackedWeights.bytes(sizes.get(component), options.dtype());
		return isMade(component) || plan.storageOf(component).isPresent() ? stored(component) : 0;
	}

	/** Bytes of a component in the type in which it is kept. */
	private long stored(final String component) {
		final int kept = plan.storageOf(component).map(storage -> storage.dtype().bytes()).orElse(options.dtype().bytes());
		return sizes.get(component) * kept / options.dtype().bytes();
	}

	/** Packed weights stand in for those of the file, so weights that come and go, or are kept in another type, are not packed. */
	private boolean isPacked() {
		return plan.packed().isOn() && memory.device("unet").isCpu() && !memory.manages("unet") && canBePacked();
	}

	/** Whether a component's tensors are not simply where the file is mapped. */
	private boolean isMade(final String component) {
		if (reading(options).copies(folder.root())) return true;
		final Weights weights = folder.weights(component);
		return weights.names().stream().findFirst().map(name -> weights.dtype(name) != options.dtype()).orElse(false);
	}

	private boolean isLeftOut(final String component) {
		return component.equals("safety_checker") && (!options.safetyChecker() || !folder.has("feature_extractor"));
	}

	/** Whether a part is the base model's, under its plan. */
	private boolean isShared(final String component) {
		return shares && !component.equals("unet");
	}

	/**
	 * Loads a model; call it on the thread of its device.
	 *
	 * @param base whose second text encoder and autoencoder take the place of the model's own
	 * @param results where its results are kept
	 */
	static LoadedModel load(final LoadOptions options, final Device device, final Mover mover, final Optional<LoadedModel> base,
		final ResultStore results, final DeviceExecutor executor)
	{
		final Path root = root(options);
		final ModelLoader loader = new ModelLoader(options, device, mover, root, base, base.isPresent(), LOG::warn);
		try {
			final FileStamps files = stamps(root, options);
			final Parts parts = loader.parts();
			final ModelIdentity identity = new ModelIdentity(files, options, loader.chosen, parts.vae(), device, loader.adapted, base.map(LoadedModel::identity));
			final DiffusionModel model = loader.model(parts, identity, results);
			LOG.info("Model '{}' is open on {} in {} with the memory plan {}", options.model(), device, options.dtype(), loader.plan);
			return new LoadedModel(options, model, loader.adapted, loader.memory, Fingerprint.of(root), files, loader.bytes(),
				loader.planned(), base, identity, results, executor, loader::close);
		}
		catch (final RuntimeException | Error e) {
			loader.close();
			throw e;
		}
	}

	/**
	 * What runs with a model will take, without loading it: its networks are built from configs and the headers of its files, no
	 * number is read and libtorch is not asked. From any thread.
	 *
	 * @param base the same of the model whose parts this one shares
	 */
	static ExpectedMemory describe(final LoadOptions options, final Device device, final Mover mover, final Optional<ExpectedMemory> base, final BooleanSupplier made) {
		final Path root = root(options);
		final ModelLoader loader = new ModelLoader(options, device, mover, root, Optional.empty(), base.isPresent(), note -> {});
		try {
			final UNet2DConditionModel unet = loader.unet();
			if (loader.isPacked()) PackedWeights.describe(unet);
			final Networks networks = new Networks(loader.batched(unet), base.map(shared -> shared.networks().vae()).orElseGet(loader::placedAutoencoder),
				base.map(shared -> shared.networks().ofSecondEncoder()).orElseGet(loader::textEncoders), loader.safety().map(SafetyFilter::checker));
			final PlannedWeights planned = loader.planned();
			return new ExpectedMemory(networks, planned, stamps(root, options), base, made, speed(options, planned, networks));
		}
		finally {
			loader.close();
		}
	}

	/** How fast this machine is with a model: that hangs on its type, its device and its preset. */
	static Speed speed(final LoadOptions options, final PlannedWeights planned, final Networks networks) {
		return new Speed(Timings.ofMachine(), options.model() + " " + options.dtype() + " " + planned.device() + " " + planned.plan().preset(), networks);
	}

	private static Path root(final LoadOptions options) {
		return options.model().equals(LoadOptions.DEMO) ? DemoModel.folder() : ModelPlaces.ofSettings().find(options.model());
	}

	private Map<String, Network> textEncoders() {
		final Map<String, Network> encoders = new LinkedHashMap<>();
		if (folder.has("text_encoder")) encoders.put("text_encoder", textEncoder());
		if (folder.has("text_encoder_2")) encoders.put("text_encoder_2", secondTextEncoder());
		return encoders;
	}

	private static Reading reading(final LoadOptions options) {
		return switch (options.memory().copyWeights()) {
			case ON -> Reading.COPIED;
			case OFF -> Reading.MAPPED;
			default -> options.files().reading();
		};
	}

	private static FileStamps stamps(final Path root, final LoadOptions options) {
		final List<Path> places = new ArrayList<>(options.files().separateParts().values());
		places.add(root);
		options.files().companion().ifPresent(places::add);
		return FileStamps.of(places);
	}

	private long bytes() {
		return opened.stream().filter(Network.class::isInstance).map(Network.class::cast).mapToLong(n -> n.parameterCount() * n.dtype().bytes()).sum();
	}

	/** What a model computes with, remembering nothing. */
	private record Parts(UNet unet, PromptEncoder promptEncoder, Autoencoder vae, Optional<SafetyFilter> safety) {}

	private Parts parts() {
		final UNet2DConditionModel unet = unet();
		pack(unet);
		final Parts parts = new Parts(batched(unet), promptEncoder(unet), base.map(shared -> shared.model().vae()).orElseGet(this::placedAutoencoder), safety());
		keep(adapted);
		return parts;
	}

	/** The parts, the UNet and the autoencoder remembering what they answer; a shared autoencoder does so already. */
	private DiffusionModel model(final Parts parts, final ModelIdentity identity, final ResultStore results) {
		return new DiffusionModel(options.model(), parts.promptEncoder(),
			new RememberedUNet(parts.unet(), results.of(options.model(), identity::ofUnet)),
			base.isPresent() ? parts.vae() : new RememberedAutoencoder(parts.vae(), results.of(options.model(), identity::ofAutoencoder)),
			folder.config("scheduler"), parts.safety(), memory.inputs("unet"));
	}

	private UNet2DConditionModel unet() {
		final UNet2DConditionModel unet = kept("unet", new UNet2DConditionModel(UNet2DConditionConfig.of(folder.config("unet")),
			adaptable("unet"), options.dtype(), memory.built("unet")));
		unet.setChannelsLast(plan.channelsLast().isOn());
		return unet;
	}

	private UNet batched(final UNet2DConditionModel unet) {
		return new BatchedUNet(unet, new BudgetedBatches(this::allowance));
	}

	private Autoencoder placedAutoencoder() {
		return keep(planned(autoencoder()));
	}

	private void pack(final UNet2DConditionModel unet) {
		if (isPacked()) PackedWeights.attach(unet, 0);
		else if (options.memory().packed().isOn() && memory.device("unet").isCpu()) {
			LOG.warn("The weights of the UNet are not packed, since {}.",
				memory.manages("unet") ? "the memory plan offloads, places or casts them" : "this machine has not the memory, or cannot pack weights of the model's type");
		}
	}

	/** A network that takes adapters, under the memory plan. */
	private <T extends Network> T kept(final String part, final T network) {
		return keep(memory.place(part, adapted.built(part, network)));
	}

	private Weights adaptable(final String part) {
		return adapted.adaptable(part, folder.weights(part));
	}

	private Autoencoder autoencoder() {
		final String name = folder.config("vae").getString("_class_name", folder.className("vae"));       // the part may lie elsewhere
		if (name.equals("AutoencoderTiny")) {
			return memory.place("vae", new AutoencoderTiny(AutoencoderTinyConfig.of(folder.config("vae")), folder.weights("vae"), options.dtype(), memory.built("vae")));
		}
		if (!name.equals("AutoencoderKL")) {
			throw new DiffEditException("The model's vae is of class " + name + "; supported are AutoencoderKL and AutoencoderTiny.");
		}
		final AutoencoderKLConfig config = AutoencoderKLConfig.of(folder.config("vae"));
		final Autoencoder vae = autoencoder(config, options.dtype());
		return options.dtype() == DType.FLOAT32 ? vae : new PreciseAutoencoder(vae, autoencoder(config, DType.FLOAT32));
	}

	private Autoencoder autoencoder(final AutoencoderKLConfig config, final DType dtype) {
		return memory.place("vae", new AutoencoderKL(config, folder.weights("vae"), dtype, memory.built("vae")));
	}

	/** The autoencoder in slices and tiles as the plan has it: slices of a batch are cut into tiles, as in diffusers. */
	private Autoencoder planned(final Autoencoder vae) {
		final Tiling tiling = plan.tileSize() > 0 ? Tiling.ofPixels(plan.tileSize(), vae) : isTiledIfLarge() ? Automatic.tiling(vae, room()) : Tiling.ofPixels(vae.sampleSize(), vae);
		final Autoencoder placed = memory.inputs("vae").equals(memory.inputs("unet")) ? vae : new PlacedAutoencoder(vae, memory.inputs("vae"));
		final Autoencoder tiled = plan.vaeTiling().isOn() || isTiledIfLarge() ? new TiledAutoencoder(placed, tiling) : placed;
		return plan.vaeSlicing().isOn() ? new SlicedAutoencoder(tiled) : tiled;
	}

	/** Whether tiles are left to the machine: images are cut where they would take most of what is free. */
	private boolean isTiledIfLarge() {
		return options.memory().preset() == Preset.AUTOMATIC && options.memory().vaeTiling() == Choice.AUTO && !plan.vaeTiling().isOn();
	}

	private Optional<SafetyFilter> safety() {
		if (!folder.has("safety_checker") || isLeftOut("safety_checker")) return Optional.empty();
		final StableDiffusionSafetyChecker checker = keep(memory.place("safety_checker",
			new StableDiffusionSafetyChecker(folder.config("safety_checker"), folder.weights("safety_checker"), options.dtype())));
		return Optional.of(new SafetyFilter(checker, CLIPImageProcessor.of(folder.config("feature_extractor"))));
	}

	// -- words --

	private PromptEncoder promptEncoder(final UNet2DConditionModel unet) {
		return base.isPresent() ? sharedPromptEncoder(base.get().model(), unet) : promptEncoder();
	}

	private PromptEncoder sharedPromptEncoder(final DiffusionModel from, final UNet2DConditionModel unet) {
		final List<Integer> widths = unet.config().crossAttentionDim();
		if (!(from.promptEncoder() instanceof StableDiffusionXLPromptEncoder own) || widths.stream().anyMatch(width -> width != own.widthOfSecond())
			|| !from.device().equals(device))
		{
			throw new DiffEditException("Model '" + options.model() + "' cannot share parts of '" + from.name()
				+ "': that must be an SDXL base model on the same device, whose second text encoder gives what the refiner reads. Load it by itself.");
		}
		return own.asRefiner(forceZeros());
	}

	private boolean forceZeros() {
		return folder.index().getBoolean("force_zeros_for_empty_prompt", true);
	}

	private PromptEncoder promptEncoder() {
		final Consumer<String> warnings = LOG::warn;
		if (!folder.has("text_encoder_2")) {
			return new StableDiffusionPromptEncoder(tokenizer("tokenizer"), textEncoder(), memory.inputs("text_encoder"), warnings);
		}
		final boolean zeros = forceZeros();
		final CLIPTextModelWithProjection second = secondTextEncoder();
		final Device at = memory.inputs("text_encoder_2");
		final ClipTokenizer tokenizer2 = tokenizer("tokenizer_2");
		return folder.has("text_encoder")
			? StableDiffusionXLPromptEncoder.base(tokenizer("tokenizer"), textEncoder(), tokenizer2, second, zeros, at, warnings)
			: StableDiffusionXLPromptEncoder.refiner(tokenizer2, second, zeros, at, warnings);
	}

	private CLIPTextModelWithProjection secondTextEncoder() {
		return kept("text_encoder_2", new CLIPTextModelWithProjection(CLIPTextConfig.of(folder.config("text_encoder_2")),
			adaptable("text_encoder_2"), options.dtype(), memory.built("text_encoder_2")));
	}

	private CLIPTextModel textEncoder() {
		return kept("text_encoder", new CLIPTextModel(CLIPTextConfig.of(folder.config("text_encoder")), adaptable("text_encoder"),
			options.dtype(), memory.built("text_encoder")));
	}

	private ClipTokenizer tokenizer(final String part) {
		return keep(ClipTokenizer.read(folder.directory(part)));
	}

	// -- life --

	private <T extends AutoCloseable> T keep(final T part) {
		opened.push(part);
		return part;
	}

	/** Frees the parts in the reverse order of opening: networks before the files they are mapped from. */
	private void close() {
		for (final AutoCloseable part : List.copyOf(opened)) {
			try {
				part.close();
			}
			catch (final Exception e) {
				LOG.warn("A part of model '{}' could not be freed: {}", options.model(), e.getMessage());
			}
		}
		opened.clear();
	}
}
