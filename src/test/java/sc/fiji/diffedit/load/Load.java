package sc.fiji.diffedit.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.ModelStore;

/**
 * Several threads that do {@link Jobs} in any order with one store, cancel some of them in all ways, throw in listeners, call back, and unload
 * models meanwhile. Each result must have the bits of a run alone.
 */
final class Load {

	private static final int THREADS = 8;
	/** Of 100 jobs. */
	private static final int UNLOADS = 8, DISTURBED = 35;
	/** So little that models and results have to make room for others. */
	private static final long MODEL_BYTES = 12_000_000, RESULT_BYTES = 1_000_000;

	private final Map<String, Jobs.Job> jobs;
	private final Map<String, String> expected = new LinkedHashMap<>();
	private final AtomicInteger done = new AtomicInteger(), ended = new AtomicInteger(), unloaded = new AtomicInteger();
	private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

	/** Does each of these jobs alone, one after another. */
	Load(final Map<String, Jobs.Job> jobs) {
		this.jobs = jobs;
		try (ModelStore store = new ModelStore()) {
			store.results().setLimit(0);
			jobs.forEach((name, job) -> expected.put(name, job.done(store, StepListener.NONE)));
		}
	}

	/** What a listener does at one step. */
	private enum Disturbance {
		CANCELS, THROWS_CANCELLED, INTERRUPTS, FAILS, CALLS_BACK, WAITS
	}

	/** A listener's own failure. */
	private static final class Failure extends RuntimeException {

		private static final long serialVersionUID = 1L;
	}

	/** Lets all threads work with one store until they are to stop. Each asks before each job. */
	void round(final long seed, final BooleanSupplier goesOn) throws Exception {
		final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
		try (ModelStore store = new ModelStore()) {
			store.setLimit(MODEL_BYTES);
			store.results().setLimit(RESULT_BYTES);
			final List<Future<?>> threads = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				final Random random = new Random(seed * THREADS + i);
				threads.add(pool.submit(() -> {
					while (goesOn.getAsBoolean()) one(store, random);
				}));
			}
			for (final Future<?> thread : threads) thread.get();
		}
		finally {
			pool.shutdown();
		}
	}

	private void one(final ModelStore store, final Random random) {
		if (random.nextInt(100) < UNLOADS) unload(store, random);
		final List<String> names = List.copyOf(jobs.keySet());
		final String name = names.get(random.nextInt(names.size()));
		final Disturbance disturbance = random.nextInt(100) < DISTURBED ? Disturbance.values()[random.nextInt(Disturbance.values().length)] : null;
		final Run run = new Run(name);
		final StepListener listener = listener(disturbance, random.nextInt(4), run, store, names.get(0));
		try {
			final String found = run.call(() -> jobs.get(name).done(store, listener));
			if (!found.equals(expected.get(name))) wrong.add(name + " has other bits" + (disturbance == null ? "" : ", " + disturbance));
			done.incrementAndGet();
		}
		catch (final CancelledException | Failure e) {
			if (disturbance == null) wrong.add(name + " ended with " + e);
			ended.incrementAndGet();
		}
		catch (final RuntimeException | Error e) {
			wrong.add(name + " failed with " + e);
		}
		Thread.interrupted();                                                   // what INTERRUPTS has left
	}

	private void unload(final ModelStore store, final Random random) {
		switch (random.nextInt(3)) {
			case 0 -> store.unloadAll();
			case 1 -> store.unloadIdle(Duration.ZERO);
			default -> store.inMemory().stream().findFirst().ifPresent(model -> store.unload(model.options().model()));
		}
		unloaded.incrementAndGet();
	}

	private StepListener listener(final Disturbance disturbance, final int at, final Run run, final ModelStore store, final String another) {
		final Thread caller = Thread.currentThread();
		final AtomicInteger steps = new AtomicInteger();
		return disturbance == null ? StepListener.NONE : step -> {
			if (steps.getAndIncrement() == at) disturb(disturbance, run, caller, store, another);
		};
	}

	private void disturb(final Disturbance disturbance, final Run run, final Thread caller, final ModelStore store, final String another) {
		switch (disturbance) {
			case CANCELS -> run.cancel();
			case THROWS_CANCELLED -> throw new CancelledException();
			case INTERRUPTS -> caller.interrupt();
			case FAILS -> throw new Failure();
			case CALLS_BACK -> within(store, another);
			case WAITS -> CompletableFuture.runAsync(() -> within(store, another)).join();
		}
	}

	private void within(final ModelStore store, final String another) {
		if (!jobs.get(another).done(store, StepListener.NONE).equals(expected.get(another))) wrong.add(another + ", called by a listener, has other bits");
	}

	/** What went wrong, a line each. */
	List<String> wrong() {
		return List.copyOf(wrong);
	}

	int done() {
		return done.get();
	}

	int ended() {
		return ended.get();
	}

	@Override
	public String toString() {
		return done + " results by " + THREADS + " threads, " + wrong.size() + " wrong; " + ended + " cancelled or failing listeners, " + unloaded + " unloads";
	}
}
