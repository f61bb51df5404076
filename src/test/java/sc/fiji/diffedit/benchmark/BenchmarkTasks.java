package sc.fiji.diffedit.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.results.RememberedUNet;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The operations that are timed, on one model at a time, through the same service that commands use. Each gives the seconds
 * of its stages by name; {@code whole} is what the user waits for.
 */
final class BenchmarkTasks implements AutoCloseable {

	private static final String WHOLE = "whole";

	private final Map<String, Function<BenchmarkJob, Map<String, Double>>> operations = new LinkedHashMap<>();
	private ModelStore store = new ModelStore();
	private ModelLease lease;

	BenchmarkTasks() {
		operations.put("start", job -> Map.of(WHOLE, startSeconds()));
		operations.put("load", this::load);
		operations.put("weights", this::weights);
		operations.put("text", this::text);
		operations.put("unet", this::unet);
		operations.put("account", this::account);
		operations.put("encode", this::encode);
		operations.put("decode", this::decode);
		operations.put("mask", this::mask);
		operations.put("diffedit", this::diffEdit);
		operations.put("image", this::textToImage);
	}

	/**
	 * Runs a job. Nothing that was computed before it is used again, unless the job says {@code kept}.
	 *
	 * @throws IllegalArgumentException if there is no such operation
	 */
	Map<String, Double> run(final BenchmarkJob job) {
		final Function<BenchmarkJob, Map<String, Double>> operation = operations.get(job.op());
		if (operation == null) throw new IllegalArgumentException("no operation '" + job.op() + "'; there are " + operations.keySet());
		if (!job.has("kept")) store.results().clear();
		return operation.apply(job);
	}

	private ModelLease lease() {
		if (lease == null) throw new IllegalArgumentException("load a model first");
		return lease;
	}

	/** Until PyTorch is there. */
	private static double startSeconds() {
		final Watch watch = new Watch();
		Torch.prepareThread();
		return watch.seconds();
	}

	private Map<String, Double> load(final BenchmarkJob job) {
		close();
		store = new ModelStore();
		final Watch watch = new Watch();
		lease = store.borrow(LoadOptions.of(job.text("model")).withDtype(DType.of(job.text("dtype"))));
		return Map.of(WHOLE, watch.seconds());
	}

	/** Loads every weight of UNet and autoencoder and reads it once; libtorch may have only mapped it until then. */
	private Map<String, Double> weights(final BenchmarkJob job) {
		return lease().call(model -> {
			final Watch watch = new Watch();
			for (final Network network : List.of(model.unet(), model.vae())) network.blocks().forEach(BenchmarkTasks::read);
			return Map.of(WHOLE, watch.seconds());
		});
	}

	private static void read(final Block block) {
		try (Scope scope = Scope.open()) {
			for (final Leaf leaf : block.leaves()) {
				for (final String name : leaf.tensors()) block.parameters().tensors().get(name).reshape(-1).sum(false, 0);
			}
		}
	}

	private Map<String, Double> text(final BenchmarkJob job) {
		return timed(job, model -> {
			final List<String> prompts = job.texts("prompts");
			return () -> model.promptEncoder().encode(prompts, 0).encoderHiddenStates();
		});
	}

	private Map<String, Double> unet(final BenchmarkJob job) {
		return timed(job, model -> unetCall(model.unet(), job));
	}

	private static Supplier<Tensor> unetCall(final UNet unet, final BenchmarkJob job) {
		final DType dtype = unet.dtype();
		final Tensor sample = job.tensor("sample", dtype);
		Conditioning conditioning = Conditioning.of(job.tensor("words", dtype));
		for (final String name : List.of(Conditioning.TEXT_EMBEDS, Conditioning.TIME_IDS)) {
			if (job.has(name)) conditioning = conditioning.with(name, job.tensor(name, dtype));
		}
		final Conditioning captured = conditioning;
		return () -> unet.predict(sample, job.number("timestep"), captured);
	}

	/** No times of stages but the numbers of {@link UNetAccount}. */
	private Map<String, Double> account(final BenchmarkJob job) {
		return lease().call(model -> {
			final UNet unet = forgetful(model.unet());
			final Supplier<Tensor> call = unetCall(unet, job);
			return new UNetAccount(unet, () -> call.get().close()).make();
		});
	}

	/** The network beneath what remembers its answers. */
	private static UNet forgetful(final UNet unet) {
		return unet instanceof RememberedUNet remembered ? remembered.inner() : unet;
	}

	private Map<String, Double> encode(final BenchmarkJob job) {
		return timed(job, model -> {
			final Tensor image = job.tensor("pixels", model.unet().dtype());
			return () -> model.vae().encode(image).mean();
		});
	}

	private Map<String, Double> decode(final BenchmarkJob job) {
		return timed(job, model -> {
			final Tensor latents = job.tensor("latents", model.unet().dtype());
			return () -> model.vae().decode(latents);
		});
	}

	/** Times a call of a network from inputs that are there to a result in Java. */
	private Map<String, Double> timed(final BenchmarkJob job, final Function<DiffusionModel, Supplier<Tensor>> call) {
		return lease().call(model -> {
			final Supplier<Tensor> work = call.apply(model);
			final Watch watch = new Watch();
			final float[] numbers = work.get().toFloatArray();
			final double seconds = watch.seconds();
			job.write(Map.of("result", numbers));
			return Map.of(WHOLE, seconds);
		});
	}

	private static MaskRequest maskRequest(final BenchmarkJob job) {
		final MaskRequest request = MaskRequest.between(job.text("source"), job.text("target")).withNumMapsPerMask(job.number("maps"))
			.withMaskThresholdingRatio(job.number("ratio")).withSeed(job.number("seed"));
		return job.isParity() ? request.parity() : request;
	}

	private Map<String, Double> mask(final BenchmarkJob job) {
		final ImageInput image = ImageInput.of(job.picture());
		final Watch watch = new Watch();
		final MaskResult found = lease().diffEdit().generateMask(image, maskRequest(job));
		final double seconds = watch.seconds();
		job.write(Map.of("mask", found.mask().values()));
		return Map.of(WHOLE, seconds);
	}

	/** Mask, inversion and edit, with guidance in the inversion where diffusers has it. */
	private Map<String, Double> diffEdit(final BenchmarkJob job) {
		final DiffEdit diffEdit = lease().diffEdit();
		final ImageInput image = ImageInput.of(job.picture());
		final int steps = job.number("steps");
		final InvertRequest invert = InvertRequest.of(job.text("source")).withNumInferenceSteps(steps).withSeed(job.number("seed"));
		final EditRequest edit = EditRequest.to(job.text("target")).withNumInferenceSteps(steps).withSeed(job.number("seed"));
		final Map<String, Double> seconds = new LinkedHashMap<>();
		final Watch watch = new Watch();
		final MaskResult found = diffEdit.generateMask(image, maskRequest(job));
		seconds.put("mask", watch.lap());
		final Inversion inverted = diffEdit.invert(image, job.isParity() ? invert.parity() : invert);
		seconds.put("invert", watch.lap());
		final EditResult edited = diffEdit.edit(job.isParity() ? edit.parity() : edit, found.masks(), inverted);
		seconds.put("edit", watch.lap());
		seconds.put(WHOLE, watch.seconds());
		job.write(Map.of("mask", found.mask().values(), "noisy", first(inverted.trajectories().get(0)), "edited", edited.image().values()));
		return seconds;
	}

	private static float[] first(final Latents latents) {
		return Arrays.copyOf(latents.values(), latents.values().length / latents.count());
	}

	private Map<String, Double> textToImage(final BenchmarkJob job) {
		final TextToImageRequest request = TextToImageRequest.of(job.text("target")).withNumInferenceSteps(job.number("steps"))
			.withWidth(job.number("side")).withHeight(job.number("side")).withSeed(job.number("seed"));
		final Watch watch = new Watch();
		final Picture made = lease().textToImage(request, StepListener.NONE).image();
		final double seconds = watch.seconds();
		job.write(Map.of("result", made.values()));
		return Map.of(WHOLE, seconds);
	}

	@Override
	public void close() {
		if (lease != null) lease.close();
		lease = null;
		store.close();
	}

	/** A stop watch. */
	private static final class Watch {

		private final long start = System.nanoTime();
		private long last = start;

		double seconds() {
			return (System.nanoTime() - start) * 1e-9;
		}

		/** Seconds since the last lap. */
		double lap() {
			final long now = System.nanoTime();
			final double seconds = (now - last) * 1e-9;
			last = now;
			return seconds;
		}
	}
}
