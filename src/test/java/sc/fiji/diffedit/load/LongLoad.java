package sc.fiji.diffedit.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Torch;

/** {@link Load} for minutes and many cycles of loading and unloading, with what they leave in memory. Prints one line; ends with 1 if a limit is missed. */
final class LongLoad {

	private static final int ROUNDS = 10, CYCLES = 200;
	/** Megabytes by which what the system gives to a process may grow after warming up: its own allocator keeps some. */
	private static final long GROWTH = 100;

	private final List<String> wrong = new ArrayList<>();

	private LongLoad() {}

	/** Takes the seconds for all rounds. */
	public static void main(final String[] arguments) throws Exception {
		Torch.prepareThread();
		final LongLoad all = new LongLoad();
		System.out.println(all.rounds(TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[0])) / ROUNDS) + "; " + all.cycles());
		all.wrong.stream().distinct().limit(20).forEach(System.err::println);
		System.exit(all.wrong.isEmpty() ? 0 : 1);
	}

	private String rounds(final long nanos) throws Exception {
		final Load load = new Load(Jobs.all());
		final ProcessMemory start = ProcessMemory.now();
		final List<Long> megabytes = new ArrayList<>();
		ProcessMemory warm = start, now = start;
		for (int round = 0; round < ROUNDS; round++) {
			final long end = System.nanoTime() + nanos;
			load.round(round, () -> System.nanoTime() < end);
			now = ProcessMemory.now();
			megabytes.add(now.megabytes());
			System.err.println("round " + (round + 1) + ": " + load + "; " + now + (load.wrong().isEmpty() ? "" : "; " + load.wrong()));
			if (round == ROUNDS / 2) warm = now;
		}
		wrong.addAll(load.wrong());
		compare("after the rounds", start, warm, now);
		return load + "; MB after each tenth " + megabytes;
	}

	private void compare(final String when, final ProcessMemory start, final ProcessMemory warm, final ProcessMemory now) {
		if (now.values() != start.values()) wrong.add(when + ": " + (now.values() - start.values()) + " native values are left");
		if (now.maps() != start.maps()) wrong.add(when + ": " + (now.maps() - start.maps()) + " files are mapped");
		if (now.files() > warm.files()) wrong.add(when + ": " + now.files() + " files are open, " + warm.files() + " were");
		if (now.megabytes() > warm.megabytes() + GROWTH) wrong.add(when + ": " + now + ", " + warm + " before");
	}

	/** Each loads a model, uses it and unloads it. */
	private String cycles() throws Exception {
		final List<Jobs.Job> jobs = List.copyOf(Jobs.all().values());
		final ProcessMemory start = ProcessMemory.now();
		ProcessMemory warm = start, now = start;
		try (ModelStore store = new ModelStore()) {
			store.results().setLimit(0);
			for (int cycle = 1; cycle <= CYCLES; cycle++) {
				jobs.get(cycle % jobs.size()).done(store, StepListener.NONE);
				store.unloadAll();
				if (cycle == CYCLES / 5) warm = ProcessMemory.now();
			}
			now = ProcessMemory.now();
			compare("after the cycles", start, warm, now);
		}
		return CYCLES + " times loaded and unloaded: " + warm + " after " + CYCLES / 5 + ", " + now + " at the end";
	}
}
