package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Passes;
import sc.fiji.diffedit.memory.Passes.Part;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.RunMemory.Size;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What a run will take is what its parts took before, times how much passes through them. No clock is asked here. */
@ExtendWith(NoNativeLeaks.class)
class SpeedTest {

	private static final LoadOptions SD1 = LoadOptions.of(GoldenCase.model("sd1").toString());

	/** Rows of one step more, which a PNDM scheduler takes. */
	private static final int PNDM = 2;

	private final ModelStore store = new ModelStore();

	@TempDir
	Path folder;

	@AfterEach
	void close() {
		store.close();
	}

	private static Stage stage(final Part part, final long rows, final int edge) {
		return new Stage("", "", 0, Optional.of(new Passes(part, rows, edge, edge)));
	}

	@Test
	void aRunTakesTheSumOfItsParts() {
		try (ModelLease lease = store.borrow(SD1)) {
			final Timings timings = new Timings(folder.resolve("timings"));
			final Speed speed = new Speed(timings, "sd1", lease.networks());
			final int pixels = 8 * 8 * lease.scaleFactor() * lease.scaleFactor();
			final List<Stage> stages = List.of(stage(Part.ENCODER, 1, 8), stage(Part.UNET, 20, 8), stage(Part.DECODER, 2, 8), new Stage("text encoder", "", 0));
			timings.measured("sd1 ENCODER", pixels, 3, false);
			timings.measured("sd1 UNET", 64, 2, false);
			assertEquals(Optional.empty(), speed.time(stages), "nobody knows the decoder");
			timings.measured("sd1 DECODER", pixels, 5, false);
			assertEquals(Optional.of(Duration.ofSeconds(3 + 20 * 2 + 2 * 5)), speed.time(stages));
		}
	}

	@Test
	void aCallIsTheSumOfItsBlocksAndOneThatWasCancelledDoesNotCount() {
		try (ModelLease lease = store.borrow(SD1); Scope scope = Scope.open()) {
			final Timings timings = new Timings(folder.resolve("timings"));
			final Speed speed = new Speed(timings, "sd1", lease.networks());
			final List<Block> unet = lease.networks().unet().blocks();
			final Tensor twoRows = Tensor.zeros(DType.FLOAT32, 2, 4, 8, 6);
			unet.subList(0, 5).forEach(block -> speed.computed(block, twoRows, 1_000_000_000));
			assertEquals(OptionalDouble.empty(), timings.of("sd1 UNET", 48, n -> n));
			unet.forEach(block -> speed.computed(block, twoRows, 20_000_000));
			assertEquals(unet.size() * 0.02 / 2, timings.of("sd1 UNET", 48, n -> n).getAsDouble(), 1e-9);
		}
	}

	@Test
	void aLongCallTellsHowFarItIs() {
		final List<String> reported = new ArrayList<>();
		try (ModelLease lease = store.borrow(SD1); Scope scope = Scope.open()) {
			final Speed speed = new Speed(new Timings(folder.resolve("timings")), "sd1", lease.networks());
			speed.begins(List.of(stage(Part.DECODER, 9, 8)));
			final List<Block> vae = lease.networks().vae().blocks();
			final Tensor image = Tensor.zeros(DType.FLOAT32, 1, 3, 8, 8);
			new Run("a run", reported::add).call(() -> {
				vae.forEach(block -> speed.computed(block, image, 1_000));
				assertEquals(List.of(), reported, "a short one says nothing");
				vae.forEach(block -> speed.computed(block, image, 3_000_000_000L));
				return null;
			});
		}
		assertTrue(reported.get(0).matches("Image to latents: block 1 of \\d+"), reported.toString());
	}

	@Test
	void anotherSizeIsScaledByItsArithmetic() {
		final Timings timings = new Timings(folder.resolve("timings"));
		timings.measured("a", 100, 2, false);
		timings.measured("a", 10_000, 300, false);
		assertEquals(OptionalDouble.of(2), timings.of("a", 100, n -> n));
		assertEquals(OptionalDouble.of(8), timings.of("a", 200, n -> n * n), "from 100, which is nearer");
		assertEquals(OptionalDouble.of(600), timings.of("a", 20_000, n -> n));
		assertEquals(OptionalDouble.empty(), timings.of("b", 100, n -> n));
	}

	@Test
	void theFirstCallOfAProcessCountsOnlyWhereNoOtherIsKnown() {
		final Timings timings = new Timings(folder.resolve("timings"));
		timings.measured("a", 100, 9, true);
		assertEquals(9, timings.of("a", 100, n -> n).getAsDouble());
		timings.measured("a", 100, 2, false);
		assertEquals(2, timings.of("a", 100, n -> n).getAsDouble(), "the next one is believed");
		timings.measured("a", 100, 50, true);
		assertEquals(2, timings.of("a", 100, n -> n).getAsDouble(), "packing is not counted twice");
	}

	@Test
	void callsWhileTheMachineWasBusyAreNotBelieved() {
		final Timings timings = new Timings(folder.resolve("timings"));
		for (final double seconds : new double[] { 2, 2.2, 2.1, 40_000, 1.9 }) timings.measured("a", 100, seconds, false);
		assertEquals(2.1, timings.of("a", 100, n -> n).getAsDouble());
		timings.save();
		final Timings next = new Timings(folder.resolve("timings"));
		next.measured("a", 100, 40_000, false);
		assertEquals(2.2, next.of("a", 100, n -> n).getAsDouble(), "the next process knows them all");
		for (int i = 0; i < 3; i++) next.measured("a", 100, 1, false);
		assertEquals(1, next.of("a", 100, n -> n).getAsDouble(), "only the last few count");
	}

	@Test
	void theNextProcessKnowsAndADamagedFileIsForgotten() throws IOException {
		final Path file = folder.resolve("new/timings.properties");
		final Timings timings = new Timings(file);
		timings.measured("/models/my sd1 FLOAT32 cpu FAST UNET", 100, 2.5, false);
		timings.save();
		assertEquals(OptionalDouble.of(2.5), new Timings(file).of("/models/my sd1 FLOAT32 cpu FAST UNET", 100, n -> n));
		Files.writeString(file, "a 100=many\nb=2\nc 4=-1\n\\u00=");
		assertEquals(OptionalDouble.empty(), new Timings(file).of("c", 4, n -> n));
	}

	@Test
	void timesAreTold() {
		final long[] seconds = { 0, 12, 90, 5300, 9000, 3 * 86_400 };
		final List<String> words = java.util.Arrays.stream(seconds).mapToObj(s -> MemoryEstimate.approximately(Duration.ofSeconds(s))).toList();
		assertEquals(List.of("less than a second", "about 12 s", "about 2 min", "about 88 min", "about 2.5 h", "about 3 days"), words);
	}

	@Test
	void attentionGrowsWithTheSquare() {
		try (ModelLease lease = store.borrow(SD1)) {
			final Cost cost = Cost.of(lease.networks().unet().blocks(), Part.UNET);
			assertTrue(cost.linear() > 0 && cost.quadratic() > 0, cost.toString());
			assertTrue(cost.of(4000) > 4 * cost.of(1000));
		}
	}

	/** The numbers that estimates count with are those that come: each network is asked as often as was said. */
	@Test
	void asMuchPassesThroughAsWasSaid() {
		final LoadOptions tiled = SD1.withMemory(MemoryPlan.AUTOMATIC.withTileSize(16));
		for (final LoadOptions options : List.of(SD1, tiled)) {
			try (ModelLease lease = store.borrow(options)) {
				final ImageInput image = ImageInput.of(new Picture(40, 24, 3, new float[3 * 40 * 24]));
				final Size size = Size.of(lease.networks(), image);
				final MaskRequest mask = MaskRequest.between("one", "two").withNumInferenceSteps(4).withNumMapsPerMask(3);
				assertPasses(lease, RunMemory.of(lease.networks(), size, mask), 0, () -> lease.diffEdit().generateMask(image, mask));
				final InvertRequest invert = InvertRequest.of("one").withNumInferenceSteps(5).withGuidanceScale(3);
				assertPasses(lease, RunMemory.of(lease.networks(), size, invert), 0, () -> lease.diffEdit().invert(image, invert));
				final TextToImageRequest words = TextToImageRequest.of("a lion").withNumInferenceSteps(3).withWidth(40).withHeight(24);
				assertPasses(lease, RunMemory.of(lease.networks(), words), PNDM, () -> lease.textToImage(words, StepListener.NONE));
				final ImageToImageRequest redo = ImageToImageRequest.DEFAULTS.withPrompt(List.of(Prompt.of("a lion"))).withNumInferenceSteps(6).withStrength(0.5);
				assertPasses(lease, RunMemory.of(lease.networks(), size, redo), PNDM, () -> lease.imageToImage(image, redo, StepListener.NONE));
			}
		}
	}

	/** Nor do inversions take other ways than they say. */
	@Test
	void eachInversionTakesTheRowsItSays() {
		try (ModelLease lease = store.borrow(SD1)) {
			final ImageInput image = ImageInput.of(new Picture(40, 24, 3, new float[3 * 40 * 24]));
			final Size size = Size.of(lease.networks(), image);
			for (final InversionMethod method : InversionMethod.values()) {
				final InvertRequest invert = InvertRequest.of("one").withNumInferenceSteps(5).withInversionMethod(method).withInversionRounds(2);
				assertPasses(lease, RunMemory.of(lease.networks(), size, invert), 0, () -> lease.diffEdit().invert(image, invert));
				final Inversion inverted = lease.diffEdit().invert(image, invert);
				final EditRequest edit = EditRequest.to("two").withNumInferenceSteps(5);
				assertPasses(lease, RunMemory.of(lease.networks(), size.encoded(), edit, method, 1), 0, () -> lease.diffEdit().edit(edit, Mask.filled(40, 24, 1), inverted));
			}
		}
	}

	@Test
	void regionsAndChecksTakeTheRowsTheySay() {
		try (ModelLease lease = store.borrow(SD1)) {
			final ImageInput image = ImageInput.of(new Picture(40, 24, 3, new float[3 * 40 * 24]));
			final Size size = Size.of(lease.networks(), image);
			final Inversion inverted = lease.diffEdit().invert(image, InvertRequest.of("one").withNumInferenceSteps(5));
			final EditRequest edit = EditRequest.DEFAULTS.withNumInferenceSteps(5);
			final Mask all = Mask.filled(40, 24, 1);
			final List<EditRegion> regions = List.of(EditRegion.of(all, "two"), EditRegion.of(all, "three"));
			assertPasses(lease, RunMemory.of(lease.networks(), size.encoded(), edit, InversionMethod.DDIM, 2), 0, () -> lease.diffEdit().editRegions(edit, regions, inverted, StepListener.NONE));
			final CheckRequest check = CheckRequest.between("one", "two");
			final Latents path = inverted.trajectories().get(0), clean = path.get(path.count() - 1);
			assertPasses(lease, RunMemory.of(lease.networks(), size.encoded(), check), 0, () -> lease.diffEdit().check(check, List.of(all), clean, StepListener.NONE));
		}
	}

	/** What the page on speed says of it: a network that takes all the time there is takes a fifth of it at most. */
	@Test
	void aDraftPassesLessThanAFifthThroughTheUNet() {
		try (ModelLease lease = store.borrow(SD1)) {
			assertTrue(5 * unetRows(lease, RequestPresets.DRAFT) < unetRows(lease, RequestPresets.STANDARD));
		}
	}

	/** Of a mask, an inversion and an edit. */
	private static long unetRows(final ModelLease lease, final String name) {
		final RequestPreset preset = RequestPresets.named(name);
		final Size size = Size.of(lease.networks(), ImageInput.of(new Picture(40, 24, 3, new float[3 * 40 * 24])));
		return estimated(RunMemory.of(lease.networks(), size, preset.on(MaskRequest.between("one", "two"))), Part.UNET)
			+ estimated(RunMemory.of(lease.networks(), size, preset.on(InvertRequest.of("one"))), Part.UNET)
			+ estimated(RunMemory.of(lease.networks(), size.encoded(), preset.on(EditRequest.to("two")), InversionMethod.DDIM, 1), Part.UNET);
	}

	private void assertPasses(final ModelLease lease, final List<Stage> stages, final int tolerance, final Runnable run) {
		store.results().clear();
		final long[] unet = new long[1], decoder = new long[1];
		counted(lease.networks().unet().blocks(), unet, () -> counted(lease.networks().vae().blocks(), decoder, run));
		assertEquals(estimated(stages, Part.UNET), unet[0], tolerance);
		assertEquals(estimated(stages, Part.DECODER), decoder[0]);
	}

	/** Counts the rows that leave a network's last block during a run. */
	private static void counted(final List<Block> blocks, final long[] rows, final Runnable run) {
		final Block last = blocks.get(blocks.size() - 1);
		final BlockPolicy inner = last.policy();
		last.setPolicy((called, kernel, arguments) -> {
			final Tensor result = inner.call(called, kernel, arguments);
			rows[0] += result.size(0);
			return result;
		});
		run.run();
		last.setPolicy(inner);
	}

	private static long estimated(final List<Stage> stages, final Part part) {
		return stages.stream().flatMap(stage -> stage.passes().stream()).filter(passes -> passes.part() == part).mapToLong(Passes::rows).sum();
	}

	@Test
	void aRunTellsWhatIsKnownAndTheNextKnowsMore() {
		final List<String> notes = new ArrayList<>();
		final LoadOptions other = SD1.withMemory(MemoryPlan.parse("preset=low;packed=off"));
		try (ModelLease lease = store.borrow(other)) {
			lease.setNotes(notes::add);
			final TextToImageRequest request = TextToImageRequest.of("a lion").withNumInferenceSteps(2).withWidth(32).withHeight(32);
			new Run("measured").call(() -> lease.textToImage(request, StepListener.NONE));
			lease.textToImage(request.withSeed(7), StepListener.NONE);
		}
		assertTrue(notes.get(1).matches(".*; takes (less than a second|about [0-9.]+ (s|min|h|days))"), notes.get(1));
		assertTrue(store.expected(other).textToImage(TextToImageRequest.of("a lion").withWidth(64).withHeight(64)).time().isPresent(), "forms know it too");
	}
}
