package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.pipelines.DeepCache;
import sc.fiji.diffedit.pipelines.DiffEditPipeline;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.PromptOptions;

/** Cached results save calls of the networks and never change a bit. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class RememberedResultsTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final LoadOptions MODEL = LoadOptions.of(MODELS.resolve("sd1").toString()).withDevice("cpu");
	private static final ImageInput IMAGE = ImageInput.of(random(64, 48, 1));
	private static final MaskRequest MASK = MaskRequest.between("a red fox", "a grey wolf").withMaskSource(MaskSource.DIFFERENCE).withNumMapsPerMask(3)
		.withNumInferenceSteps(10);
	private static final InvertRequest INVERT = InvertRequest.of("a red fox").withNumInferenceSteps(5).withInpaintStrength(0.6);

	private final ModelStore store = new ModelStore();
	private final ModelStore forgetful = new ModelStore();

	@BeforeEach
	void forget() {
		forgetful.results().setLimit(0);
	}

	@AfterEach
	void close() {
		store.close();
		forgetful.close();
	}

	private static Picture random(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final float[] values = new float[3 * width * height];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(width, height, 3, values);
	}

	private static List<Prompt> prompts(final String... texts) {
		return Prompt.all(List.of(texts));
	}

	// -- calls that are saved --

	/** How often the networks have been asked. */
	private static final class Calls {

		private int unet;
		private int vae;

		Calls(final ModelLease lease) {
			lease.call(model -> {
				tell(model.unet().blocks().get(model.unet().blocks().size() - 1), () -> unet++);
				tell(model.vae().blocks().get(0), () -> vae++);
				return null;
			});
		}

		private static void tell(final Block block, final Runnable called) {
			final BlockPolicy policy = block.policy();
			block.setPolicy(new BlockPolicy() {

				@Override
				public Tensor call(final Block itself, final String kernel, final Object... arguments) {
					called.run();
					return policy.call(itself, kernel, arguments);
				}

				@Override
				public void evicted(final Block itself) {
					policy.evicted(itself);
				}
			});
		}

		/** Calls of UNet and autoencoder since the last time. */
		List<Integer> since() {
			final List<Integer> counts = List.of(unet, vae);
			unet = 0;
			vae = 0;
			return counts;
		}
	}

	@Test
	void aSecondEditAsksOnlyForWhatIsNew() {
		try (ModelLease lease = store.borrow(MODEL)) {
			final DiffEdit diffEdit = lease.diffEdit();
			final Calls calls = new Calls(lease);
			final MaskResult first = diffEdit.generateMask(IMAGE, MASK);
			assertEquals(List.of(2, 1), calls.since(), "each prompt about all copies at once; the image is encoded once");
			diffEdit.generateMask(IMAGE, MASK.withMaskThresholdingRatio(1));
			assertEquals(List.of(0, 0), calls.since(), "another threshold");
			assertArrayEquals(first.map().values(), diffEdit.generateMask(IMAGE, MASK).map().values());
			diffEdit.generateMask(IMAGE, MASK.withTarget(prompts("a blue bird")));
			assertEquals(List.of(1, 0), calls.since(), "another target");
			diffEdit.invert(IMAGE, INVERT);
			assertEquals(List.of(3, 0), calls.since(), "the mask has encoded the image");
			diffEdit.invert(IMAGE, INVERT);
			diffEdit.invert(IMAGE, INVERT.withInpaintStrength(0.4));
			assertEquals(List.of(0, 0), calls.since(), "as strong or weaker");
			diffEdit.invert(IMAGE, INVERT.withInpaintStrength(1));
			assertEquals(List.of(2, 0), calls.since(), "only what is missing of a stronger one");
		}
	}

	@Test
	void otherPipelinesKnowTheImageAndTheWords() {
		try (ModelLease lease = store.borrow(MODEL)) {
			lease.diffEdit().invert(IMAGE, INVERT);
			final Calls calls = new Calls(lease);
			lease.imageToImage(IMAGE, ImageToImageRequest.of("a red fox").withNumInferenceSteps(2).withOutput(OutputType.LATENT), StepListener.NONE);
			assertEquals(0, calls.since().get(1));
			lease.textToImage(TextToImageRequest.of("a red fox").withNumInferenceSteps(1).withOutput(OutputType.LATENT), StepListener.NONE);
			assertEquals(2, uses("encoded prompt", "\"a red fox\""));
			assertEquals(1, uses("encoded prompt", "\"\""));
		}
	}

	private int uses(final String kind, final String label) {
		return store.results().entries().stream().filter(e -> e.kind().equals(kind) && e.label().equals(label)).findFirst().orElseThrow().uses();
	}

	@Test
	void aCancelledInversionGoesOnWhereItStopped() {
		try (ModelLease lease = store.borrow(MODEL); ModelLease fresh = forgetful.borrow(MODEL)) {
			assertThrows(CancelledException.class, () -> lease.diffEdit().invert(IMAGE, INVERT, step -> {
				if (step.index() == 1) throw new CancelledException();
			}));
			final Calls calls = new Calls(lease);
			final List<Integer> steps = new ArrayList<>();
			final Inversion whole = lease.diffEdit().invert(IMAGE, INVERT, step -> steps.add(step.index()));
			assertEquals(List.of(1, 0), calls.since());
			assertEquals(List.of(0, 1, 2), steps, "known steps are told too");
			assertSame(fresh.diffEdit().invert(IMAGE, INVERT), whole);
		}
	}

	// -- results that must not change --

	/** Every request in the list after every other one, twice, against a store that keeps nothing. */
	private <R, A> void neverMistaken(final List<R> requests, final BiCall<R, A> call, final Function<A, List<float[]>> numbers) {
		neverMistaken(requests, call, numbers, request -> true);
	}

	/** @param remembered of which requests all predictions are known afterwards */
	private <R, A> void neverMistaken(final List<R> requests, final BiCall<R, A> call, final Function<A, List<float[]>> numbers, final Predicate<R> remembered) {
		try (ModelLease lease = store.borrow(MODEL); ModelLease fresh = forgetful.borrow(MODEL)) {
			final List<A> wanted = requests.stream().map(ask -> call.of(fresh.diffEdit(), ask)).toList();
			assertEquals(0, forgetful.results().bytes());
			final List<Integer> order = new ArrayList<>();
			for (int i = 0; i < 2 * requests.size(); i++) order.add(i / 2);
			Collections.shuffle(order, new Random(4));
			for (final int i : order) {
				final List<float[]> found = numbers.apply(call.of(lease.diffEdit(), requests.get(i)));
				final List<float[]> right = numbers.apply(wanted.get(i));
				assertEquals(right.size(), found.size());
				for (int n = 0; n < found.size(); n++) assertArrayEquals(right.get(n), found.get(n), "request " + i + ": " + requests.get(i));
			}
			final Calls calls = new Calls(lease);
			requests.stream().filter(remembered).forEach(ask -> call.of(lease.diffEdit(), ask));
			assertEquals(0, calls.since().get(0), "all are known by now");
		}
	}

	@FunctionalInterface
	private interface BiCall<R, A> {

		A of(DiffEdit diffEdit, R ask);
	}

	/** Whether each component of a record differs from the first one's in some of the others. */
	private static <R extends Record> void everyFieldChanges(final List<R> requests) {
		for (final RecordComponent field : requests.get(0).getClass().getRecordComponents()) {
			assertTrue(requests.stream().anyMatch(r -> !Objects.equals(get(field, requests.get(0)), get(field, r))), "no request changes " + field.getName());
		}
	}

	private static Object get(final RecordComponent field, final Object of) {
		try {
			return field.getAccessor().invoke(of);
		}
		catch (final ReflectiveOperationException e) {
			throw new IllegalStateException(e);
		}
	}

	@Test
	void noMaskIsMistakenForAnother() {
		final MaskRequest negatives = MASK.withTargetNegative(prompts("rain"));
		final List<MaskRequest> requests = List.of(MASK, MASK.withSource(prompts("a red box")), MASK.withTarget(prompts("a red fox")),
			MASK.withSource(prompts("a grey wolf")).withTarget(prompts("a red fox")), MASK.withSourceNegative(prompts("snow")), negatives,
			MASK.withSourceNegative(prompts("rain")).withTargetNegative(prompts("snow")), negatives.withGuidanceScale(3),
			MASK.withSourceNegative(prompts("rain")).withTargetNegative(prompts("rain")), MASK.withGuidanceScale(3), MASK.withGuidanceScale(1),
			MASK.withNumMapsPerMask(2), MASK.withUntilStable(true), MASK.withMaskEncodeStrength(0.8), MASK.withMaskThresholdingRatio(1.5), MASK.withMaskSource(MaskSource.DIFFERENCES),
			MASK.withMaskRefinement(MaskRefinement.NONE), MASK.withNumInferenceSteps(12),
			MASK.withClipSkip(1), negatives.withClipSkip(1), MASK.withSeed(1), MASK.withSeeds(List.of(0L, 1L, 2L)), MASK.parity(), negatives.parity(),
			MASK.withSource(List.of(new Prompt.Text("a red fox", "a blue one"))), MASK.withTarget(List.of(Prompt.of("a grey wolf "))));
		everyFieldChanges(requests);
		neverMistaken(requests, (diffEdit, request) -> diffEdit.generateMask(IMAGE, request),
			found -> List.of(found.map().values(), found.mask().values()));
	}

	@Test
	void noInversionIsMistakenForAnother() {
		final InvertRequest guided = INVERT.withGuidanceScale(3);
		final InvertRequest regular = INVERT.withNumRegSteps(1);
		final List<InvertRequest> requests = new ArrayList<>(List.of(INVERT, INVERT.withPrompt(prompts("a red box")), INVERT.withNegative(prompts("rain")),
			INVERT.withNumInferenceSteps(6), INVERT.withInpaintStrength(1), INVERT.withInpaintStrength(0.2), INVERT.withInpaintStrength(0.4), guided,
			guided.withGuidanceScale(4), guided.withNegative(prompts("rain")), guided.withInpaintStrength(0.2), INVERT.withClipSkip(1),
			INVERT.withDecodeLatents(true), INVERT.withLambdaAutoCorr(1), INVERT.withLambdaKl(1), INVERT.withNumAutoCorrRolls(1), regular,
			regular.withLambdaAutoCorr(1), regular.withLambdaKl(1), regular.withNumAutoCorrRolls(1), regular.withNumRegSteps(2),
			regular.withInpaintStrength(0.2), regular.withInpaintStrength(1), INVERT.withSeed(1), INVERT.withMode(sc.fiji.diffedit.pipelines.Mode.PARITY),
			INVERT.parity(), INVERT.withInversionMethod(InversionMethod.RENOISE).withInversionRounds(1), INVERT.withDeepCache(new DeepCache(2, 0)), INVERT.withDeepCache(new DeepCache(2, 1)),
			INVERT.withDeepCache(new DeepCache(3, 0)), guided.withDeepCache(new DeepCache(2, 0))));
		Arrays.stream(InversionMethod.values()).filter(method -> method != INVERT.inversionMethod()).map(INVERT::withInversionMethod).forEach(requests::add);
		everyFieldChanges(requests);
		neverMistaken(requests, (diffEdit, request) -> diffEdit.invert(IMAGE, request), RememberedResultsTest::numbers, request -> request.deepCache().isOff());
	}

	private static List<float[]> numbers(final Inversion inversion) {
		return Stream.concat(inversion.trajectories().stream().map(Latents::values), inversion.decoded().stream().map(Picture::values)).toList();
	}

	private static void assertSame(final Inversion one, final Inversion other) {
		assertEquals(numbers(one).size(), numbers(other).size());
		for (int i = 0; i < numbers(one).size(); i++) assertArrayEquals(numbers(one).get(i), numbers(other).get(i));
	}

	@Test
	void noImageIsMistakenForAnother() {
		final Picture picture = random(64, 48, 1);
		final float[] nearly = picture.values().clone();
		nearly[nearly.length - 1] = Math.nextUp(nearly[nearly.length - 1]);
		final Latents latents = new Latents(1, 4, 6, 8, Arrays.copyOf(picture.values(), 192));
		final List<ImageInput> images = List.of(IMAGE, ImageInput.of(new Picture(64, 48, 3, nearly)), ImageInput.of(new Picture(48, 64, 3, picture.values())),
			ImageInput.of(random(63, 48, 1)), ImageInput.of(picture, random(64, 48, 2)), ImageInput.of(random(64, 48, 2), picture), ImageInput.of(latents),
			ImageInput.of(new Latents(1, 4, 8, 6, latents.values())), ImageInput.of(new Latents(2, 4, 4, 6, latents.values())));
		neverMistaken(images, (diffEdit, image) -> diffEdit.generateMask(image, MASK), found -> found.maps().stream().map(map -> map.values()).toList());
		neverMistaken(images, (diffEdit, image) -> diffEdit.invert(image, INVERT), RememberedResultsTest::numbers);
	}

	@Test
	void noModelIsMistakenForAnother() {
		final Adapters lora = Adapters.NONE.withLora(MODELS.resolve("adapters/sd1_peft.safetensors"), 1);
		final Adapters other = Adapters.NONE.withLora(MODELS.resolve("adapters/sd1_kohya.safetensors"), 1);
		final List<Adapters> adapters = List.of(Adapters.NONE, lora, lora.scaled(0.5), other, lora.withFused(true), lora.withLora(MODELS.resolve("adapters/sd1_kohya.safetensors"), 1),
			Adapters.NONE.withLora(MODELS.resolve("adapters/sd1_peft.safetensors").toAbsolutePath(), 0.25),
			Adapters.NONE.withLora(MODELS.resolve("adapters/../adapters/sd1_kohya.safetensors"), 0.25),
			Adapters.NONE.withTextualInversion(MODELS.resolve("adapters/ti_one.safetensors"), "fox"), Adapters.NONE.withTextualInversion(MODELS.resolve("adapters/ti_many.safetensors"), "fox"));
		final List<PromptOptions> readings = List.of(PromptOptions.DEFAULTS, PromptOptions.DEFAULTS.withWeighted(true), PromptOptions.DEFAULTS.withLongPrompts(true));
		final MaskRequest ask = MASK.withSource(prompts("a (red:1.3) fox"));
		final String lengthy = "red and green and blue and ".repeat(20);
		final MaskRequest longer = MASK.withTarget(prompts(lengthy));
		final List<LoadOptions> models = List.of(MODEL, MODEL.withDtype(DType.BFLOAT16), MODEL.withFiles(MODEL.files().withPart("vae", MODELS.resolve("sd2/vae"))));
		for (int round = 0; round < 2; round++) {
			for (final LoadOptions options : models) {
				try (ModelLease lease = store.borrow(options); ModelLease fresh = forgetful.borrow(options)) {
					for (final Adapters added : options == MODEL ? adapters : List.of(Adapters.NONE)) {
						lease.setAdapters(added);
						fresh.setAdapters(added);
						for (final PromptOptions reading : options == MODEL && added == Adapters.NONE ? readings : List.of(PromptOptions.DEFAULTS)) {
							lease.setPromptOptions(reading);
							fresh.setPromptOptions(reading);
							for (final MaskRequest request : reading.longPrompts() ? List.of(ask, longer) : List.of(ask)) {
								assertArrayEquals(fresh.diffEdit().generateMask(IMAGE, request).map().values(), lease.diffEdit().generateMask(IMAGE, request).map().values(),
									options + " " + added + " " + reading);
							}
							assertSame(fresh.diffEdit().invert(IMAGE, INVERT), lease.diffEdit().invert(IMAGE, INVERT));
						}
					}
				}
			}
		}
	}

	/** What is added to a base model changes the text encoder that its refiner shares. */
	@Test
	void aRefinerKnowsWhatIsAddedToItsBase() {
		for (final Adapters added : List.of(Adapters.NONE, Adapters.NONE.withLora(MODELS.resolve("adapters/sdxl_peft.safetensors"), 1), Adapters.NONE)) {
			assertArrayEquals(refined(forgetful, added), refined(store, added));
		}
	}

	private static float[] refined(final ModelStore models, final Adapters added) {
		final LoadOptions base = LoadOptions.of(MODELS.resolve("sdxl").toString()).withDevice("cpu");
		final LoadOptions refiner = LoadOptions.of(MODELS.resolve("sdxl-refiner").toString()).withDevice("cpu").withBase(base);
		try (ModelLease lease = models.borrow(base); ModelLease refining = models.borrow(refiner)) {
			lease.setAdapters(added);
			final Inversion inverted = lease.diffEdit().invert(IMAGE, INVERT);
			final EditRequest request = EditRequest.to("a grey wolf").withNumInferenceSteps(5).withInpaintStrength(0.6).withDenoisingEnd(0.7).withOutput(OutputType.LATENT);
			return lease.diffEdit().withRefiner(refining).edit(request, Mask.filled(64, 48, 1), inverted).latents().values();
		}
	}

	@Test
	void aModelWhoseFilesHaveChangedIsAnother(@TempDir final Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(MODELS.resolve("sd1"))) {
			for (final Path file : files.toList()) {
				final Path target = folder.resolve(MODELS.resolve("sd1").relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(target);
				else Files.copy(file, target);
			}
		}
		final LoadOptions options = LoadOptions.of(folder.toString()).withDevice("cpu");
		final float[] first = inverted(options);
		store.unloadAll();
		assertArrayEquals(first, inverted(options));
		store.unloadAll();
		final Path scheduler = folder.resolve("scheduler/scheduler_config.json");
		Files.writeString(scheduler, Files.readString(scheduler).replace("\"beta_end\": 0.012", "\"beta_end\": 0.013"));
		assertNotEquals(first[0], inverted(options)[0]);
	}

	private float[] inverted(final LoadOptions options) {
		try (ModelLease lease = store.borrow(options)) {
			return lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values();
		}
	}

	/** A script may put other parts in place of the model's own. */
	@Test
	void aModelWithAnotherPartStartsWithNothing() {
		try (ModelLease lease = store.borrow(MODEL); ModelLease other = store.borrow(MODEL.withDtype(DType.BFLOAT16))) {
			final float[] own = lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values();
			final float[] mixed = lease.call(model -> new DiffEditPipeline(model.withUnet(other.call(parts -> parts.unet()))).invert(IMAGE, INVERT, StepListener.NONE))
				.trajectories().get(0).values();
			assertNotEquals(own[0], mixed[0]);
			assertArrayEquals(own, lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values());
			lease.setParts(model -> model.withUnet(other.call(parts -> parts.unet())));
			assertArrayEquals(mixed, lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values());
			lease.setParts(model -> model.withScheduler(other(model.scheduler())));
			assertNotEquals(own[0], lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values()[0]);
			lease.setParts(UnaryOperator.identity());
			assertArrayEquals(own, lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values());
		}
	}

	private static Config other(final Config scheduler) {
		final JsonObject json = scheduler.json().deepCopy();
		json.addProperty("beta_end", 0.013);
		return new Config(scheduler.source(), json);
	}

	@Test
	void whoChangesAResultChangesNoOther() {
		try (ModelLease lease = store.borrow(MODEL)) {
			for (int round = 0; round < 2; round++) {
				final float[] map = lease.diffEdit().generateMask(IMAGE, MASK).map().values();
				final float[] latents = lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values();
				assertTrue(map[0] >= 0 && latents[0] != -1);
				Arrays.fill(map, -1);
				Arrays.fill(latents, -1);
			}
		}
	}

	@Test
	void aWholeEditIsTheSameWithAndWithoutKeptResults() {
		try (ModelLease lease = store.borrow(MODEL); ModelLease fresh = forgetful.borrow(MODEL)) {
			final float[] wanted = edited(fresh);
			assertArrayEquals(wanted, edited(lease));
			assertArrayEquals(wanted, edited(lease));
		}
	}

	private static float[] edited(final ModelLease lease) {
		final MaskResult found = lease.diffEdit().generateMask(IMAGE, MASK);
		final Inversion inverted = lease.diffEdit().invert(IMAGE, INVERT);
		return lease.diffEdit().edit(EditRequest.to("a grey wolf").withNumInferenceSteps(5).withInpaintStrength(0.6), found.masks(), inverted).image().values();
	}

	// -- what users see --

	@Test
	void whatIsKeptIsListedBoundedAndCleared() {
		final ResultStore results = store.results();
		try (ModelLease lease = store.borrow(MODEL)) {
			edited(lease);
			final List<ResultStore.Entry> entries = results.entries();
			assertEquals(Map.of("predicted noise", 8L, "encoded image", 1L, "encoded prompt", 3L, "decoded image", 1L),
				entries.stream().collect(Collectors.groupingBy(ResultStore.Entry::kind, Collectors.counting())));
			assertEquals("decoded image", entries.get(entries.size() - 1).kind(), "that which was needed last stands last");
			assertEquals(entries.stream().mapToLong(ResultStore.Entry::bytes).sum(), results.bytes());
			assertTrue(entries.get(0).toString().matches("predicted noise of timestep \\d+, 3 of 8 x 6 latents \\(.*sd1\\): 0.0 MB, used 0 times"), entries.get(0).toString());
			assertTrue(results.summary().get(3).matches("predicted noise of .*sd1: 8, 0.0 MB, used 0 times"), results.summary().toString());
			final long one = results.free(1);
			assertEquals(entries.get(0).bytes(), one);
			assertEquals(entries.subList(1, entries.size()), results.entries());
			results.setLimit(results.bytes() - 1);
			assertEquals(entries.subList(2, entries.size()), results.entries());
			results.clear();
			assertEquals(List.of(), results.entries());
			assertEquals(0, results.bytes());
			results.setLimit(1000);
			edited(lease);
			assertTrue(results.bytes() <= 1000);
			assertTrue(assertThrows(DiffEditException.class, () -> results.setLimit(-1)).getMessage().contains("must be 0 or more"));
		}
	}

	@Test
	void theLimitCanBeSetFromOutside() {
		try {
			System.setProperty("diffedit.resultCache", "3");
			assertEquals(3 << 20, ResultStore.ofSettings().limit());
			System.setProperty("diffedit.resultCache", "much");
			assertTrue(assertThrows(DiffEditException.class, ResultStore::ofSettings).getMessage().contains("it takes a number of mebibytes"));
		}
		finally {
			System.clearProperty("diffedit.resultCache");
		}
		assertTrue(ResultStore.ofSettings().limit() > 0);
	}
}
