package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.SuggestionRequest;

/** Listeners that throw, block, or use models themselves: they have a thread of their own, and no run of others suffers. */
@ExtendWith(NoNativeLeaks.class)
@Timeout(300)
class ListenersTest {

	private static final TextToImageRequest ASK = TextToImageRequest.of("a red square").withWidth(32).withHeight(32).withNumInferenceSteps(3);

	private static final Set<Thread.State> ENDED_OR_WAITING = Set.of(Thread.State.WAITING, Thread.State.TERMINATED);

	private ModelStore store;
	private ModelLease lease;

	@BeforeEach
	void borrow() {
		store = new ModelStore();
		store.results().setLimit(0);
		lease = store.borrow(GoldenCase.model("sd1").toString());
	}

	@AfterEach
	void close() {
		lease.close();
		store.close();
	}

	private float[] pixels(final StepListener listener) {
		return lease.textToImage(ASK, listener).image().values();
	}

	@Test
	void aListenerHasItsOwnThreadAndItsOwnLatents() {
		final List<String> threads = new ArrayList<>();
		final List<float[]> latents = new ArrayList<>();
		lease.textToImage(ASK, step -> {
			threads.add(Thread.currentThread().getName());
			latents.add(step.latents().toFloatArray());
		});
		assertEquals(Set.of("DiffEdit listener"), Set.copyOf(threads));
		assertEquals(latents.size(), latents.stream().map(Arrays::hashCode).distinct().count(), "each step has its own");
	}

	@Test
	void whatAListenerThrowsEndsItsRunOnly() {
		final float[] plain = pixels(StepListener.NONE);
		for (final RuntimeException thrown : List.of(new CancelledException(), new IllegalStateException("a listener"))) {
			assertSame(thrown, assertThrows(RuntimeException.class, () -> pixels(step -> {
				throw thrown;
			})));
		}
		final Error error = new AssertionError("a listener");
		assertSame(error, assertThrows(Error.class, () -> pixels(step -> {
			throw error;
		})));
		assertArrayEquals(plain, pixels(StepListener.NONE));
	}

	/** Others compute although the listener never comes back, before its run is cancelled and after. */
	@Test
	void aListenerThatBlocksStopsItsOwnRunOnly() throws Exception {
		final float[] plain = pixels(StepListener.NONE);
		final CountDownLatch blocked = new CountDownLatch(1), freed = new CountDownLatch(1), ended = new CountDownLatch(1);
		final Run run = new Run("blocked");
		final var first = CompletableFuture.supplyAsync(() -> run.call(() -> pixels(step -> {
			blocked.countDown();
			await(freed);
			assertThrows(CancelledException.class, () -> pixels(StepListener.NONE), "the run is over");
			ended.countDown();
		})));
		await(blocked);
		assertArrayEquals(plain, CompletableFuture.supplyAsync(() -> pixels(StepListener.NONE)).get(60, TimeUnit.SECONDS), "while it blocks");
		final var second = CompletableFuture.supplyAsync(() -> pixels(StepListener.NONE));
		run.cancel();
		assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, () -> first.get(60, TimeUnit.SECONDS)).getCause());
		assertArrayEquals(plain, second.get(60, TimeUnit.SECONDS));
		freed.countDown();
		await(ended);
	}

	@Test
	void aListenerMayUseModelsAlsoInAListenerOfItsOwn() {
		final float[] plain = pixels(StepListener.NONE);
		final List<float[]> within = new ArrayList<>();
		final float[] around = pixels(step -> {
			if (within.isEmpty()) within.add(pixels(inner -> lease.call(parts -> within.size())));
		});
		assertArrayEquals(plain, within.get(0));
		assertArrayEquals(plain, around);
	}

	/** The model is the same one, with the adapters of the call around again afterwards. */
	@Test
	void whatAListenerMakesWithoutAdaptersLeavesThoseOfItsRun() {
		final float[] plain = pixels(StepListener.NONE);
		lease.setAdapters(Adapters.NONE.withLora(GoldenCase.model("adapters/sd1_peft.safetensors"), 1));
		final float[] adapted = pixels(StepListener.NONE);
		final List<float[]> within = new ArrayList<>();
		try (ModelLease other = store.borrow(GoldenCase.model("sd1").toString())) {
			assertArrayEquals(adapted, pixels(step -> within.add(other.textToImage(ASK, StepListener.NONE).image().values())));
		}
		within.forEach(values -> assertArrayEquals(plain, values));
	}

	/** One thread loads at a time; the one whose turn it is waits for the device, and the device for the listener. */
	@Test
	void aListenerMayLoadAModelThatAnotherThreadIsAboutToLoad() throws Exception {
		final String model = GoldenCase.model("sd2").toString();
		final List<Thread> loading = new ArrayList<>();
		pixels(step -> {
			if (!loading.isEmpty()) return;
			loading.add(new Thread(() -> store.borrow(model).close()));
			loading.get(0).start();
			while (!ENDED_OR_WAITING.contains(loading.get(0).getState())) Thread.onSpinWait();
			store.borrow(model).close();
		});
		loading.get(0).join();
		assertEquals(1, store.inMemory().stream().filter(one -> one.options().model().equals(model)).count());
	}

	/** The other thread is queued behind this very run, and has adapters of its own. */
	@Test
	void aListenerMayWaitForAThreadThatUsesTheSameDevice() {
		final float[] plain = pixels(StepListener.NONE);
		final List<float[]> within = new ArrayList<>();
		try (ModelLease other = store.borrow(GoldenCase.model("sd1").toString())) {
			other.setAdapters(Adapters.NONE.withLora(GoldenCase.model("adapters/sd1_peft.safetensors"), 1));
			final float[] adapted = other.textToImage(ASK, StepListener.NONE).image().values();
			final float[] around = pixels(step -> {
				if (within.isEmpty()) within.add(CompletableFuture.supplyAsync(() -> other.textToImage(ASK, StepListener.NONE).image().values()).join());
			});
			assertArrayEquals(plain, around);
			assertArrayEquals(adapted, within.get(0));
		}
	}

	/** The second run's listener waits behind the first one's, whose call is queued behind the second run. */
	@Test
	void listenersOfSeveralRunsMayWaitForOneThread() {
		final float[] plain = pixels(StepListener.NONE);
		final ExecutorService one = Executors.newSingleThreadExecutor();
		try {
			final StepListener waits = step -> {
				if (step.index() == 0) assertArrayEquals(plain, CompletableFuture.supplyAsync(() -> pixels(StepListener.NONE), one).join());
			};
			final var first = CompletableFuture.supplyAsync(() -> pixels(waits));
			final var second = CompletableFuture.supplyAsync(() -> pixels(waits));
			assertArrayEquals(plain, first.join());
			assertArrayEquals(plain, second.join());
		}
		finally {
			one.shutdown();
		}
	}

	/** Nothing else can end it. */
	@Test
	void aListenerThatWaitsForItsOwnRunEndsWhenThatIsCancelled() throws Exception {
		final CountDownLatch waiting = new CountDownLatch(1);
		final Run run = new Run("waits for itself");
		final CompletableFuture<float[]> caller = new CompletableFuture<>();
		final Thread thread = new Thread(() -> {
			try {
				caller.complete(run.call(() -> pixels(step -> {
					waiting.countDown();
					caller.join();
				})));
			}
			catch (final CancelledException e) {
				caller.completeExceptionally(e);
			}
		});
		thread.start();
		await(waiting);
		run.cancel();
		assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, () -> caller.get(60, TimeUnit.SECONDS)).getCause());
		assertEquals(ASK.width(), lease.textToImage(ASK, StepListener.NONE).image().width());
	}

	@Test
	void previewsAreShownOnTheListenersThread() {
		final List<String> threads = new ArrayList<>();
		final List<Picture> shown = new ArrayList<>();
		lease.textToImage(ASK, lease.preview(16, picture -> {
			threads.add(Thread.currentThread().getName());
			shown.add(picture);
		}));
		assertEquals(Set.of("DiffEdit listener"), Set.copyOf(threads));
		assertEquals(threads.size(), shown.stream().map(picture -> Arrays.hashCode(picture.values())).distinct().count(), "each step has its own");
	}

	@Test
	void whoHearsOfWordsHasAThreadToo() {
		final List<String> threads = new ArrayList<>();
		store.suggest(LoadOptions.of(GoldenCase.model("t5").toString()), SuggestionRequest.captionsOf("bowl").withCount(1).withMaxNewTokens(4),
			made -> threads.add(Thread.currentThread().getName()));
		assertEquals(Set.of("DiffEdit listener"), Set.copyOf(threads));
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
