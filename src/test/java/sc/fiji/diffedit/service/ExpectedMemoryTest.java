package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/** What runs are expected to take, told before the model is in memory, is what the run itself is checked with. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class ExpectedMemoryTest {

	private static final TextToImageRequest WORDS = TextToImageRequest.of("a red square").withNumInferenceSteps(2).withWidth(64).withHeight(48);

	private final ModelStore store = new ModelStore();
	private final long before = Scope.liveValues();

	@AfterEach
	void close() {
		store.close();
	}

	private static LoadOptions model(final String name) {
		return LoadOptions.of(GoldenCase.model(name).toString());
	}

	private static ImageInput image() {
		return ImageInput.of(new Picture(40, 24, 3, new float[3 * 40 * 24]));
	}

	@ParameterizedTest
	@CsvSource({ "sd1,fast", "sd1,low", "sd1,lowest", "sd2,packed=off", "sdxl,balanced", "sd1,storage=float8_e4m3fn;vae.storage=none", "sd1,offload=model;preset=fast" })
	void theRunItselfExpectsTheSame(final String name, final String plan) {
		final LoadOptions options = model(name).withMemory(MemoryPlan.parse(plan)).withDtype(DType.BFLOAT16);
		final ExpectedMemory expected = store.expected(options);
		assertEquals(List.of(), store.loaded(), "nothing is loaded for it");
		final List<String> notes = new ArrayList<>();
		try (ModelLease lease = store.borrow(options)) {
			lease.setNotes(notes::add);
			assertNote(expected.textToImage(WORDS), notes, () -> lease.textToImage(WORDS, StepListener.NONE));
			final MaskRequest mask = MaskRequest.between("one", "two").withNumInferenceSteps(4).withNumMapsPerMask(3);
			assertNote(expected.mask(40, 24, mask), notes, () -> lease.diffEdit().generateMask(image(), mask));
			final InvertRequest invert = InvertRequest.of("one").withNumInferenceSteps(2).withGuidanceScale(3).withDecodeLatents(true);
			assertNote(expected.invert(40, 24, invert), notes, () -> lease.diffEdit().invert(image(), invert));
			final Inversion inversion = lease.diffEdit().invert(image(), invert);
			notes.clear();
			final EditRequest edit = EditRequest.to("two").withNumInferenceSteps(2);
			assertNote(expected.edit(40, 24, edit, InversionMethod.DDIM), notes, () -> lease.diffEdit().edit(edit, Mask.filled(40, 24, 1), inversion));
			final InpaintRequest inpaint = InpaintRequest.of("two").withNumInferenceSteps(2).withWidth(64).withHeight(64);
			assertNote(expected.inpaint(40, 24, inpaint), notes, () -> lease.inpaint(image(), List.of(Mask.filled(40, 24, 1)), inpaint, StepListener.NONE));
		}
	}

	private static void assertNote(final MemoryEstimate expected, final List<String> notes, final Runnable run) {
		run.run();
		assertEquals(1, notes.size(), notes.toString());
		assertTrue(notes.get(0).contains(" (" + expected.parts() + ")"), expected.parts() + " expected, told was: " + notes.get(0));
		notes.clear();
	}

	@Test
	void everyComponentHasAStageOfItsOwn() {
		final MemoryEstimate sdxl = store.expected(model("sdxl")).diffEdit(64, 64, MaskRequest.DEFAULTS, InvertRequest.DEFAULTS, EditRequest.DEFAULTS);
		assertEquals(List.of("text encoder", "text encoder 2", "image to latents", "denoising", "latents to image"), List.copyOf(sdxl.stages().keySet()));
		assertTrue(sdxl.stages().values().stream().allMatch(bytes -> bytes > 0), sdxl.toString());
		assertEquals(Set.of("text encoder", "denoising", "latents to image"), store.expected(model("sd1")).textToImage(WORDS).stages().keySet());
	}

	/** A safety checker looks at the images that come out, unless it was left out. */
	@Test
	void aSafetyCheckerHasAStage(@TempDir final Path folder) throws IOException {
		copy(GoldenCase.model("sd1"), folder);
		copy(GoldenCase.model("safety"), folder);
		Files.writeString(folder.resolve("model_index.json"), Files.readString(folder.resolve("model_index.json"))
			.replaceFirst("\"safety_checker\": \\[\\s*null,\\s*null", "\"safety_checker\": [\"stable_diffusion\", \"StableDiffusionSafetyChecker\"")
			.replaceFirst("\"feature_extractor\": \\[\\s*null,\\s*null", "\"feature_extractor\": [\"transformers\", \"CLIPImageProcessor\""));
		final LoadOptions options = LoadOptions.of(folder.toString());
		assertEquals(List.of("text encoder", "denoising", "latents to image", "safety checker"), List.copyOf(store.expected(options).textToImage(WORDS).stages().keySet()));
		assertTrue(store.expected(options).textToImage(WORDS).stages().get("safety checker") > 1000);
		assertFalse(store.expected(options).mask(64, 64, MaskRequest.DEFAULTS).stages().containsKey("safety checker"));
		assertFalse(store.expected(options.withSafetyChecker(false)).textToImage(WORDS).stages().containsKey("safety checker"));
	}

	private static void copy(final Path model, final Path folder) throws IOException {
		try (var files = Files.walk(model)) {
			for (final Path file : files.toList()) {
				final Path copy = folder.resolve(model.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(copy);
				else Files.copy(file, copy);
			}
		}
	}

	@Test
	void weightsThatComeForATurnCountInItsStage() {
		final LoadOptions cast = model("sd1").withDtype(DType.BFLOAT16).withMemory(MemoryPlan.parse("preset=fast;packed=off"));
		final MemoryEstimate stay = store.expected(cast).textToImage(WORDS);
		final MemoryEstimate come = store.expected(cast.withMemory(MemoryPlan.parse("preset=fast;packed=off;offload=model"))).textToImage(WORDS);
		assertEquals(0, come.weights());
		final long moved = come.stages().entrySet().stream().mapToLong(stage -> stage.getValue() - stay.stages().get(stage.getKey())).sum();
		assertEquals(stay.weights(), moved, "each of three components in its own stage");
		assertTrue(come.peak() < stay.peak(), come + " and " + stay);
		final MemoryEstimate eight = store.expected(cast.withMemory(MemoryPlan.parse("preset=fast;packed=off;storage=float8_e4m3fn"))).textToImage(WORDS);
		assertEquals(stay.weights() / 2.0, eight.weights(), 3);
	}

	@Test
	void weightsThatAreThereCountNoMore() {
		assumeTrue(PackedWeights.fit(1, DType.FLOAT32), "this libtorch packs nothing");
		final LoadOptions options = model("sd1").withMemory(MemoryPlan.of(Preset.FAST));
		final ExpectedMemory expected = store.expected(options);
		final long made = expected.textToImage(WORDS).weights();
		assertTrue(made > 1_000_000, "packed weights: " + made);
		try (ModelLease lease = store.borrow(options)) {
			assertEquals(made, expected.textToImage(WORDS).weights(), "open, but nothing was made yet");
			lease.textToImage(WORDS, StepListener.NONE);
			assertEquals(0, expected.textToImage(WORDS).weights());
			assertEquals(0, store.expected(options).textToImage(WORDS).weights());
		}
		store.unloadAll();
		assertEquals(made, expected.textToImage(WORDS).weights());
	}

	@Test
	void anAnswerIsKeptUntilTheFilesChange(@TempDir final Path folder) throws IOException {
		copy(GoldenCase.model("sd1"), folder);
		final LoadOptions options = LoadOptions.of(folder.toString());
		final ExpectedMemory first = store.expected(options);
		assertTrue(first == store.expected(options));
		Files.writeString(folder.resolve("unet/config.json"), Files.readString(folder.resolve("unet/config.json")).replace("\"sample_size\": ", "\"sample_size\": 1"));
		assertFalse(first == store.expected(options));
		Files.delete(folder.resolve("vae/config.json"));
		final DiffEditException missing = assertThrows(DiffEditException.class, () -> store.expected(options));
		assertTrue(missing.getMessage().contains("vae"), missing.getMessage());
	}

	// -- a refiner --

	@Test
	void aRefinersPartIsToldBeforeTheEditBegins() {
		assumeTrue(PackedWeights.fit(1, DType.FLOAT32), "this libtorch packs nothing");
		final LoadOptions options = model("sdxl").withMemory(MemoryPlan.of(Preset.FAST));
		final LoadOptions last = model("sdxl-refiner").withMemory(MemoryPlan.of(Preset.FAST)).withBase(options);
		final EditRequest request = EditRequest.to("two").withNumInferenceSteps(4).withDenoisingEnd(0.5);
		final List<String> notes = new ArrayList<>();
		try (ModelLease base = store.borrow(options); ModelLease refiner = store.borrow(last)) {
			final Inversion inversion = base.diffEdit().invert(image(), InvertRequest.of("one").withNumInferenceSteps(4));
			refiner.setNotes(notes::add);
			final MemoryEstimate expected = store.expected(last).refining(40, 24, request);
			assertTrue(expected.weights() > 1_000_000, "packed weights of the refiner's UNet: " + expected);
			assertEquals(List.of("text encoder 2", "refining"), List.copyOf(expected.stages().keySet()));
			final List<Integer> reported = new ArrayList<>();
			base.refinedBy(refiner).diffEdit().edit(request, List.of(Mask.filled(40, 24, 1)), inversion, step -> reported.add(notes.size()));
			assertTrue(notes.get(0).contains(expected.parts()), notes + " but " + expected.parts());
			assertEquals(Set.of(1), Set.copyOf(reported), "once, before the first step");
			base.refinedBy(refiner).diffEdit().edit(request, Mask.filled(40, 24, 1), inversion);
			assertFalse(notes.get(1).contains("weights"), "they are there: " + notes.get(1));
		}
	}

	@Test
	void weightsOfBothModelsAreCounted() {
		assumeTrue(PackedWeights.fit(1, DType.FLOAT32), "this libtorch packs nothing");
		final LoadOptions options = model("sdxl").withMemory(MemoryPlan.of(Preset.FAST));
		final LoadOptions last = model("sdxl-refiner").withMemory(MemoryPlan.of(Preset.FAST)).withBase(options);
		final List<String> notes = new ArrayList<>();
		final long both = store.expected(options).textToImage(WORDS).weights() + store.expected(last).refining(64, 48, 1, 5).weights();
		try (ModelLease base = store.borrow(options); ModelLease refiner = store.borrow(last)) {
			refiner.setNotes(notes::add);
			base.refinedBy(refiner).textToImage(WORDS.withNumInferenceSteps(4).withDenoisingEnd(0.5), StepListener.NONE);
		}
		assertTrue(notes.get(0).contains("(weights " + MemoryEstimate.size(both) + ";"), notes.get(0));
	}

	@Test
	void aRefinerThatDoesNotFitIsToldBeforeTheBaseBegins() {
		final LoadOptions options = model("sdxl");
		final TextToImageRequest huge = WORDS.withWidth(800_000).withHeight(800_000).withDenoisingEnd(0.5);
		try (ModelLease base = store.borrow(options); ModelLease refiner = store.borrow(model("sdxl-refiner").withBase(options))) {
			final List<String> reported = new ArrayList<>();
			refiner.setNotes(reported::add);
			final NotEnoughMemory refused = assertThrows(NotEnoughMemory.class, () -> base.refinedBy(refiner).textToImage(huge, step -> reported.add("a step")));
			assertTrue(refused.getMessage().contains("refining"), refused.getMessage());
			assertFalse(reported.contains("a step"));
			assertEquals(Preset.LOWEST_MEMORY, refiner.memory().preset(), "smaller plans were tried for it");
		}
	}

	// -- models that write words --

	@Test
	void aWriterThatDoesNotFitIsToldBeforeItBegins() {
		final LoadOptions generator = model("t5");
		final SuggestionRequest request = SuggestionRequest.captionsOf("bowl");
		final List<Integer> words = new ArrayList<>();
		final NotEnoughMemory refused = assertThrows(NotEnoughMemory.class, () -> store.suggest(generator, request.withCount(100_000_000), words::add));
		assertTrue(refused.getMessage().contains("prompt generator") && refused.getMessage().contains("fewer or shorter texts"), refused.getMessage());
		assertEquals(List.of(), words);
		assertEquals(2, store.suggest(generator, request.withCount(2).withMaxNewTokens(3), words::add).size());
	}

	@Test
	void weightsOfAWriterCountUntilTheyAreMade() {
		final LoadOptions cast = model("t5").withDtype(DType.BFLOAT16);
		final SuggestionRequest request = SuggestionRequest.captionsOf("bowl").withCount(2).withMaxNewTokens(3);
		assertTrue(store.expected(cast, request).weights() > 0, "the file is in 32 bits");
		assertEquals(0, store.expected(model("t5"), request).weights(), "they lie where the file is mapped");
		store.suggest(cast, request, words -> {});
		assertEquals(0, store.expected(cast, request).weights());
		assertEquals(Set.of("captioner"), store.expected(model("blip"), CaptionRequest.DEFAULTS).stages().keySet());
	}

	// -- without libtorch --

	/** In a process of its own: forms tell what a run will take before anything native is there. */
	@Test
	void nothingNativeIsAskedFor() throws Exception {
		final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
			WithoutEngine.class.getName(), GoldenCase.model("sd1").toString()).redirectErrorStream(true).start();
		final String output = new String(process.getInputStream().readAllBytes());
		assertTrue(process.waitFor(60, TimeUnit.SECONDS));
		assertTrue(output.contains("denoising") && output.contains("libraries of torch: 0"), output);
	}

	/** Tells what a run will take, and how many files of libtorch are mapped then. */
	static final class WithoutEngine {

		public static void main(final String[] arguments) throws IOException {
			try (ModelStore store = new ModelStore()) {
				final MemoryEstimate reported = store.expected(LoadOptions.of(arguments[0]).withDevice("cpu")).textToImage(WORDS);
				final Path maps = Path.of("/proc/self/maps");
				final long libraries = Files.isReadable(maps) ? Files.readAllLines(maps).stream().filter(line -> line.contains("torch") && line.contains(".so")).count() : 0;
				System.out.println(reported.parts() + " libraries of torch: " + libraries); // the answer to the process that started this one
			}
		}
	}

	@Test
	void sizesAreAddedUp() {
		final MemoryEstimate one = new MemoryEstimate(5, Map.of("denoising", 3L));
		final MemoryEstimate both = one.and(new MemoryEstimate(7, Map.of("denoising", 2L, "refining", 4L)));
		assertEquals(12, both.weights());
		assertEquals(Map.of("denoising", 3L, "refining", 4L), both.stages());
		assertEquals(16, both.peak());
	}
}
