package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.memory.TestDevices;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The contract of every memory policy: a whole pipeline gives what it gives without one. Policies that only move weights give
 * the same bits; those that cut batches or pack weights stay within the rounding of the type; 8-bit storage equals itself
 * wherever the weights rest. Devices are {@link TestDevices}, on which what has gone is NaN.
 */
@ExtendWith(NoNativeLeaks.class)
class SameOutputTest {

	private static final String PLAIN = "preset=fast;packed=off";
	/** One representative of each way to keep weights out of the way, on the CPU and on a test device. */
	private static final List<String> OFFLOADS = List.of("offload=model", "offload=sequential", "offload=block:2+disk", "offload=leaf+stream");
	private static final List<String> PLACES = List.of("vae.device=cuda:1", "device_map=balanced", "unet.up_blocks.0.device=disk;unet.mid_block.device=cuda:1",
		"text_encoder.device=cpu;unet.down_blocks.1.device=cpu");
	private static final List<String> MIXED = List.of("text_encoder.offload=block:2;vae.offload=leaf", "unet.offload=block+stream+record_stream+non_blocking",
		"unet.offload=leaf+disk+low_cpu_mem_usage;text_encoder.offload=leaf+stream+low_cpu_mem_usage");
	private static final Kernels LAYOUT = Kernels.load("layout");
	private static final String EIGHT_BITS = "storage=float8_e4m3fn";

	private static List<float[]> plain;
	private static List<float[]> adapted;

	@BeforeAll
	static void plainRuns() {
		Torch.start();
		plain = run("cpu", DType.FLOAT32, PLAIN, Adapters.NONE);
		adapted = run("cpu", DType.FLOAT32, PLAIN, lora());
		assertTrue(difference(plain, adapted) > 1e-3);
	}

	private static Adapters lora() {
		return Adapters.NONE.withLora(GoldenCase.model("adapters/sd1_peft.safetensors"), 1);
	}

	private static Picture picture() {
		final float[] values = new float[3 * 48 * 40];
		for (int i = 0; i < values.length; i++) values[i] = i * 37 % 101 / 100f;
		return new Picture(48, 40, 3, values);
	}

	/** Every number that two text-to-image pictures, a mask, an inversion and an edit are made of. */
	private static List<float[]> run(final String device, final DType dtype, final String plan, final Adapters adapters) {
		return run(device, dtype, plan, adapters, "sd1");
	}

	private static List<float[]> run(final String device, final DType dtype, final String plan, final Adapters adapters, final String model) {
		final Mover mover = new TestDevices(true);
		final LoadOptions options = LoadOptions.of(GoldenCase.model(model).toString()).withDevice(device).withDtype(dtype).withMemory(MemoryPlan.parse(plan));
		try (ModelStore store = forgetful(mover); ModelLease lease = store.borrow(options)) {
			lease.setAdapters(adapters);
			return numbers(lease);
		}
	}

	/** A store that keeps no results: every number is computed. */
	private static ModelStore forgetful(final Mover mover) {
		final ModelStore store = new ModelStore(mover);
		store.results().setLimit(0);
		return store;
	}

	private static List<float[]> numbers(final ModelLease lease) {
		final List<float[]> numbers = new ArrayList<>();
		lease.textToImage(TextToImageRequest.of("a red square").withWidth(48).withHeight(40).withNumInferenceSteps(2).withNumImagesPerPrompt(2).withSeed(5), StepListener.NONE)
			.images().forEach(image -> numbers.add(image.values()));
		final ImageInput image = ImageInput.of(picture());
		final MaskResult mask = lease.diffEdit().generateMask(image, MaskRequest.between("a square", "a circle").parity().withNumMapsPerMask(2).withNumInferenceSteps(4));
		final Inversion inversion = lease.diffEdit().invert(image, InvertRequest.of("a square").withNumInferenceSteps(3));
		numbers.add(mask.maps().get(0).values());
		numbers.add(inversion.trajectories().get(0).values());
		numbers.add(lease.diffEdit().edit(EditRequest.to("a circle").withNumInferenceSteps(3), mask.masks(), inversion).image().values());
		return numbers;
	}

	private static void assertSame(final List<float[]> expected, final List<float[]> found) {
		assertEquals(expected.size(), found.size());
		for (int i = 0; i < expected.size(); i++) assertArrayEquals(expected.get(i), found.get(i), "number " + i);
	}

	private static double difference(final List<float[]> expected, final List<float[]> found) {
		double most = 0;
		for (int i = 0; i < expected.size(); i++) {
			for (int j = 0; j < expected.get(i).length; j++) {
				final double difference = Math.abs((double) expected.get(i)[j] - found.get(i)[j]);
				if (!(difference <= most)) most = difference;
			}
		}
		return most;
	}

	/** All that move weights, alone, and each offload with one place to rest. */
	static Set<String> movingPolicies() {
		final Set<String> plans = new LinkedHashSet<>(OFFLOADS);
		plans.addAll(PLACES);
		plans.addAll(MIXED);
		plans.add("copy_weights=on");
		for (int i = 0; i < OFFLOADS.size(); i++) plans.add(OFFLOADS.get(i) + ";" + PLACES.get(i));
		return plans;
	}

	/** The other pairs of two policies that are about different things. */
	static Set<String> otherPairs() {
		final Set<String> plans = new LinkedHashSet<>();
		for (final String offload : OFFLOADS) {
			for (final String place : PLACES) plans.add(offload + ";" + place);
		}
		plans.removeAll(movingPolicies());
		for (final String mixed : MIXED) plans.add(mixed + ";" + PLACES.get(2));
		return plans;
	}

	@ParameterizedTest
	@MethodSource("movingPolicies")
	void movingWeightsChangesNoBit(final String plan) {
		assertSame(plain, run("cuda:0", DType.FLOAT32, PLAIN + ";" + plan, Adapters.NONE));
	}

	@Tag("long")
	@ParameterizedTest
	@MethodSource("otherPairs")
	void pairsOfPoliciesChangeNoBit(final String plan) {
		assertSame(plain, run("cuda:0", DType.FLOAT32, PLAIN + ";" + plan, Adapters.NONE));
	}

	/** Here nothing moves, but weights come and go all the same; those of 16-bit models are cast each time. */
	@Numeric
	@ParameterizedTest
	@MethodSource("offloads")
	void offloadOnTheCpuChangesNoBit(final String plan) {
		assertSame(plain, run("cpu", DType.FLOAT32, PLAIN + ";" + plan, Adapters.NONE));
	}

	static Stream<String> offloads() {
		return Stream.concat(OFFLOADS.stream(), MIXED.stream());
	}

	@Numeric
	@ParameterizedTest
	@CsvSource({ "sd1,BFLOAT16,cpu", "sd1,BFLOAT16,cuda:0", "sdxl,FLOAT16,cuda:0" })
	void offloadInHalfPrecisionChangesNoBit(final String model, final DType dtype, final String device) {
		final List<float[]> half = run("cpu", dtype, PLAIN, Adapters.NONE, model);
		for (final String plan : OFFLOADS) assertSame(half, run(device, dtype, PLAIN + ";" + plan, Adapters.NONE, model));
	}

	@ParameterizedTest
	@FieldSource("OFFLOADS")
	void adaptersWorkUnderEveryOffload(final String plan) {
		assertSame(adapted, run("cuda:0", DType.FLOAT32, PLAIN + ";" + plan, lora()));
	}

	/** What rests on disk or in pinned memory is made anew when adapters change. */
	@ParameterizedTest
	@FieldSource("OFFLOADS")
	void adaptersMayChangeBetweenRuns(final String plan) {
		final List<float[]> fused = run("cpu", DType.FLOAT32, PLAIN, lora().withFused(true));
		final LoadOptions options = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cuda:0").withMemory(MemoryPlan.parse(PLAIN + ";" + plan));
		try (ModelStore store = forgetful(new TestDevices(true)); ModelLease lease = store.borrow(options)) {
			assertSame(plain, numbers(lease));
			lease.setAdapters(lora().withFused(true));
			assertSame(fused, numbers(lease));
			lease.setAdapters(Adapters.NONE);
			assertSame(plain, numbers(lease));
		}
	}

	/** Weights in 8 bits are other weights: the result is another one, but the same wherever they rest. */
	@Tag("long")
	@ParameterizedTest
	@FieldSource("MIXED")
	void adaptersWorkAndChangeUnderMixtures(final String plan) {
		adaptersWorkUnderEveryOffload(plan);
		adaptersMayChangeBetweenRuns(plan);
	}

	@ParameterizedTest
	@ValueSource(strings = { EIGHT_BITS, "storage=int8" })
	void storageGivesTheSameWhereverItRests(final String storage) {
		final List<float[]> stored = run("cpu", DType.FLOAT32, PLAIN + ";" + storage, Adapters.NONE);
		assertTrue(difference(plain, stored) > 1e-3);
		final List<String> plans = new ArrayList<>(OFFLOADS);
		plans.addAll(PLACES);
		for (final String plan : plans) assertSame(stored, run("cuda:0", DType.FLOAT32, PLAIN + ";" + storage + ";" + plan, Adapters.NONE));
		assertSame(stored, run("cpu", DType.FLOAT32, PLAIN + ";" + storage + ";offload=model+disk", Adapters.NONE));
	}

	@Test
	void storageLeavesOutWhatIsExempt() {
		assertSame(plain, run("cpu", DType.FLOAT32, PLAIN + ";" + EIGHT_BITS + ";unet.storage=none;vae.storage=none;text_encoder.storage=none", Adapters.NONE));
		final List<float[]> unetOnly = run("cpu", DType.FLOAT32, PLAIN + ";unet.storage=float8_e4m3fn", Adapters.NONE);
		assertSame(unetOnly, run("cpu", DType.FLOAT32, PLAIN + ";" + EIGHT_BITS + ";vae.storage=none;text_encoder.storage=none", Adapters.NONE));
		assertTrue(difference(plain, unetOnly) > 1e-3);
	}

	/** The bits of a type are the same after a detour through that type. */
	@Test
	void storageInTheTypeOfTheFileChangesNoBit() {
		assertSame(plain, run("cuda:0", DType.FLOAT32, PLAIN + ";storage=float32;offload=leaf", Adapters.NONE));
	}

	/** Other batches and layouts: sums in another order, so numbers agree to 32-bit rounding and no further. */
	@Numeric
	@ParameterizedTest
	@ValueSource(strings = { "vae_slicing=on", "tile_size=64", "vae_slicing=on;tile_size=64;offload=model", "packed=on;vae_slicing=on;vae.offload=leaf",
		"channels_last=on", "channels_last=on;offload=leaf", "channels_last=on;packed=on",
		"packed=on", "packed=on;text_encoder.offload=block+disk", "packed=on;vae.storage=float32" })
	void splittingAndPackingStayWithinRounding(final String plan) {
		final double difference = difference(plain, run("cpu", DType.FLOAT32, "preset=fast;packed=off;" + plan, Adapters.NONE));
		Rounding.assertWithin(2e-4, difference, "off by");
	}

	/** From the first convolution on: libtorch's operations keep the order that they are given. */
	@ParameterizedTest
	@CsvSource({ "channels_last=on, 1", "channels_last=off, 40", "preset=low, 40" })
	void imagesFlowAsThePlanSays(final String plan, final long step) {
		final List<Long> steps = new ArrayList<>();
		try (ModelStore store = forgetful(new TestDevices(true)); ModelLease lease = store.borrow(LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cpu")
			.withMemory(MemoryPlan.parse("packed=off;" + plan)))) {
			lease.call(model -> {
				final Block middle = model.unet().blocks().stream().filter(block -> block.path().startsWith("down_blocks.0.resnets.1")).findFirst().orElseThrow();
				final BlockPolicy own = middle.policy();
				middle.setPolicy((block, kernel, arguments) -> {
					steps.add(LAYOUT.callForLong("step_of_channels", arguments[0]));
					return own.call(block, kernel, arguments);
				});
				return null;
			});
			lease.textToImage(TextToImageRequest.of("a red square").withWidth(40).withHeight(64).withNumInferenceSteps(1), StepListener.NONE);
		}
		assertEquals(Set.of(step), Set.copyOf(steps));
	}

	@Numeric
	@ParameterizedTest
	@CsvSource({ "fast,cpu", "balanced,cpu", "low,cpu", "lowest,cpu", "automatic,cuda:0", "balanced,cuda:0", "low,cuda:0", "lowest,cuda:0" })
	void everyPresetStaysWithinRounding(final String preset, final String device) {
		final double difference = difference(plain, run(device, DType.FLOAT32, "preset=" + preset + ";tile_size=64", Adapters.NONE));
		Rounding.assertWithin(2e-4, difference, "off by");
	}

	@Numeric
	@ParameterizedTest
	@CsvSource({ "lowest,cpu", "balanced,cuda:0", "lowest,cuda:0" })
	void attentionIsReadWhereverWeightsRest(final String preset, final String device) {
		Rounding.assertClose(attention("cpu", PLAIN), attention(device, "preset=" + preset), 2e-3);
	}

	private static float[] attention(final String device, final String plan) {
		final LoadOptions options = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice(device).withMemory(MemoryPlan.parse(plan));
		try (ModelStore store = forgetful(new TestDevices(true)); ModelLease lease = store.borrow(options)) {
			return lease.diffEdit().generateMask(ImageInput.of(picture()), MaskRequest.between("a square", "a circle").withMaskSource(MaskSource.CROSS_ATTENTION).withNumMapsPerMask(1)).map().values();
		}
	}

	/** A run that ends half way leaves nothing on the device, and the next one is right. */
	@ParameterizedTest
	@MethodSource("offloads")
	void aCancelledRunLeavesTheModelSound(final String plan) {
		final TestDevices devices = new TestDevices(true);
		final LoadOptions options = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cuda:0").withMemory(MemoryPlan.parse(PLAIN + ";" + plan));
		try (ModelStore store = forgetful(devices); ModelLease lease = store.borrow(options)) {
			assertThrows(CancelledException.class, () -> lease.textToImage(TextToImageRequest.of("a red square").withWidth(48).withHeight(40), step -> {
				throw new CancelledException();
			}));
			assertSame(plain, numbers(lease));
		}
		assertEquals(0, devices.bytes());
	}

	@Test
	void placesAreTold() {
		final String plan = "device_map=balanced;vae.device=cpu;unet.up_blocks.0.device=disk";
		final LoadOptions options = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cuda:0").withMemory(MemoryPlan.parse(plan));
		try (ModelStore store = new ModelStore(new TestDevices(false)); ModelLease lease = store.borrow(options)) {
			assertEquals(Map.of("unet", "cuda:0", "text_encoder", "cuda:1", "vae", "cpu", "unet.up_blocks.0", "disk"), lease.deviceMap());
		}
	}
}
