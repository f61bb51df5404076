package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;
import sc.fiji.diffedit.weights.ModelOptions;

/** A cancelled run ends before the next block of whichever network computes, frees all it made and leaves the model sound. */
@ExtendWith(NoNativeLeaks.class)
class CancelledRunsTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final LoadOptions SD1 = LoadOptions.of(MODELS.resolve("sd1").toString());
	private static final LoadOptions SDXL = LoadOptions.of(MODELS.resolve("sdxl").toString());
	private static final ImageToImageRequest ASK = ImageToImageRequest.DEFAULTS.withPrompt(List.of(Prompt.of("a red square"))).withNumInferenceSteps(4).withStrength(0.5);

	private final ModelStore store = new ModelStore();

	@AfterEach
	void close() {
		store.close();
	}

	private static Picture picture(final int edge) {
		final float[] values = new float[3 * edge * edge];
		for (int i = 0; i < values.length; i++) values[i] = i % 97 / 97f;
		return new Picture(edge, edge, 3, values);
	}

	/** Counts the blocks that are computed, and cancels a run within one of them. */
	private final class Counter {

		private final List<String> computed = new ArrayList<>();
		private Run cancelled = Run.NONE;
		private int within;

		void attach(final String part, final Network network) {
			for (final Block block : network.blocks()) {
				final BlockPolicy inner = block.policy();
				block.setPolicy(new BlockPolicy() {

					@Override
					public Tensor call(final Block called, final String kernel, final Object... arguments) {
						computed.add(part);
						if (computed.size() == within) cancelled.cancel();
						return inner.call(called, kernel, arguments);
					}

					@Override
					public void evicted(final Block gone) {
						inner.evicted(gone);
					}
				});
			}
		}

		/** Everything is computed anew. */
		void start(final Run run, final int cancelledWithin) {
			computed.clear();
			cancelled = run;
			within = cancelledWithin;
			store.results().clear();
		}
	}

	private Counter counter(final ModelLease lease) {
		final Counter counter = new Counter();
		final Networks networks = lease.networks();
		final Map<String, Network> parts = new LinkedHashMap<>(networks.textEncoders());
		parts.put("vae", networks.vae());
		parts.put("unet", networks.unet());
		networks.safety().ifPresent(checker -> parts.put("safety_checker", checker));
		parts.forEach(counter::attach);
		return counter;
	}

	private static int[] pixels(final ModelLease lease, final int edge) {
		return lease.imageToImage(ImageInput.of(picture(edge)), ASK, StepListener.NONE).image().toRgb();
	}

	/** The first block of each stretch of one network, one in its middle, and its last. */
	private static List<Integer> places(final List<String> computed) {
		final List<Integer> places = new ArrayList<>();
		int from = 0;
		for (int i = 1; i <= computed.size(); i++) {
			if (i < computed.size() && computed.get(i).equals(computed.get(from))) continue;
			if (places.size() < 24) places.addAll(List.of(from + 1, (from + 1 + i) / 2, i));
			from = i;
		}
		return places.stream().distinct().filter(place -> place < computed.size()).toList();
	}

	private void endsBeforeTheNextBlock(final LoadOptions options, final int edge, final List<String> networks) {
		try (ModelLease lease = store.borrow(options)) {
			final Counter counter = counter(lease);
			counter.start(Run.NONE, 0);
			final int[] whole = pixels(lease, edge);
			final List<String> all = List.copyOf(counter.computed);
			assertTrue(all.containsAll(networks), all.stream().distinct().toList().toString());
			final long idle = Scope.liveValues();
			for (final int place : places(all)) {
				final Run run = new Run("cancelled");
				counter.start(run, place);
				assertThrows(CancelledException.class, () -> run.call(() -> pixels(lease, edge)));
				lease.call(parts -> null);                         // behind what was left
				assertEquals(place, counter.computed.size(), "blocks when the cancel came within one of " + all.get(place - 1));
				assertEquals(idle, Scope.liveValues(), "native values after a cancel within " + all.get(place - 1));
			}
			counter.start(Run.NONE, 0);
			assertArrayEquals(whole, pixels(lease, edge), "the model after all that");
		}
	}

	@Test
	void everyNetworkOfAModelAsksBeforeEachBlock() {
		final Path safety = MODELS.resolve("safety");
		final ModelOptions files = ModelOptions.DEFAULTS.withPart("safety_checker", safety.resolve("safety_checker"))
			.withPart("feature_extractor", safety.resolve("feature_extractor"));
		endsBeforeTheNextBlock(SD1.withFiles(files), 32, List.of("text_encoder", "vae", "unet", "safety_checker"));
		endsBeforeTheNextBlock(SDXL, 32, List.of("text_encoder", "text_encoder_2", "vae", "unet"));
	}

	@Test
	void tilesAskBeforeEachBlock() {
		endsBeforeTheNextBlock(SD1.withMemory(MemoryPlan.AUTOMATIC.withTileSize(16)), 32, List.of("vae"));
	}

	@Test
	void weightsThatComeAndGoAskBeforeEachBlock() {
		endsBeforeTheNextBlock(SD1.withMemory(MemoryPlan.of(Preset.LOWEST_MEMORY)), 32, List.of("vae", "unet"));
	}

	@Test
	void modelsThatWriteWordsAskBeforeEachBlock() {
		final LoadOptions t5 = LoadOptions.of(MODELS.resolve("t5").toString()).withDevice("cpu");
		final SuggestionRequest request = SuggestionRequest.captionsOf("bowl").withCount(1).withMaxNewTokens(8);
		endsWithinTheNextWord(progress -> store.suggest(t5, request, progress));
		final LoadOptions blip = LoadOptions.of(MODELS.resolve("blip").toString()).withDevice("cpu");
		endsWithinTheNextWord(progress -> store.caption(blip, picture(32), CaptionRequest.DEFAULTS.withMaxNewTokens(8), progress));
	}

	private static void endsWithinTheNextWord(final Function<IntConsumer, Object> writer) {
		final Object whole = writer.apply(made -> {});
		final long idle = Scope.liveValues();
		final Run run = new Run("cancelled");
		final List<Integer> reported = new ArrayList<>();
		assertThrows(CancelledException.class, () -> run.call(() -> writer.apply(made -> {
			reported.add(made);
			run.cancel();
		})));
		final Object again = writer.apply(made -> {}); // behind what was left
		assertEquals(List.of(1), reported, "words when the cancel came with the first");
		assertEquals(idle, Scope.liveValues());
		assertEquals(whole, again);
	}

	@Test
	void whoWaitsForTheDeviceIsToldAndCanBeCancelled() throws Exception {
		final CountDownLatch inTheMiddle = new CountDownLatch(1), goOn = new CountDownLatch(1);
		final BlockingQueue<String> reported = new LinkedBlockingQueue<>();
		try (ModelLease one = store.borrow(SD1); ModelLease other = store.borrow(SD1)) {
			final Run first = new Run("Generate Mask");
			final var computing = CompletableFuture.supplyAsync(() -> first.call(() -> one.imageToImage(ImageInput.of(picture(32)), ASK, step -> {
				inTheMiddle.countDown();
				await(goOn);
			})));
			await(inTheMiddle);
			final Run second = new Run("Inpaint", reported::add);
			final var waiting = CompletableFuture.supplyAsync(() -> second.call(() -> pixels(other, 32)));
			assertEquals("Waiting for \"Generate Mask\", which computes on cpu now.", reported.poll(60, TimeUnit.SECONDS));
			second.cancel();
			assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS)).getCause());
			assertFalse(computing.isDone(), "the first is not disturbed");
			goOn.countDown();
			assertEquals(32, computing.get(60, TimeUnit.SECONDS).image().width());
		}
	}

	@Test
	void whoWaitsForAModelToBeLoadedIsToldAndCanBeCancelled() throws Exception {
		final OneAtATime loading = new OneAtATime();
		final CountDownLatch begun = new CountDownLatch(1), goOn = new CountDownLatch(1);
		final var first = CompletableFuture.supplyAsync(() -> loading.done("loading model 'demo'", () -> {
			begun.countDown();
			await(goOn);
			return 7;
		}));
		await(begun);
		final BlockingQueue<String> reported = new LinkedBlockingQueue<>();
		final Run second = new Run("Inpaint", reported::add);
		final var waiting = CompletableFuture.supplyAsync(() -> second.call(() -> loading.done("loading model 'other'", () -> 8)));
		assertEquals("Waiting until loading model 'demo' is done.", reported.poll(60, TimeUnit.SECONDS));
		second.cancel();
		assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, () -> waiting.get(60, TimeUnit.SECONDS)).getCause());
		goOn.countDown();
		assertEquals(7, first.get(60, TimeUnit.SECONDS));
		assertEquals(9, loading.<Integer>done("loading model 'other'", () -> 9));
	}

	@Test
	void aRunThatWasCancelledBeforeLoadsNothing() {
		final Run run = new Run("cancelled");
		run.cancel();
		assertThrows(CancelledException.class, () -> run.call(() -> store.borrow(SD1)));
		assertEquals(List.of(), store.loaded());
		store.borrow(SD1).close();
	}

	private static void await(final CountDownLatch latch) {
		try {
			assertTrue(latch.await(60, TimeUnit.SECONDS));
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}
}
