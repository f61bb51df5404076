package sc.fiji.diffedit.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.NoNativeLeaks;

/** The short form of {@code scripts/verify-long --trust load}: the same jobs, some dozens of them. */
@ExtendWith(NoNativeLeaks.class)
@Timeout(900)
class LoadTest {

	private static final int JOBS = 24;
	private static final List<String> FEW = List.of("text to image", "text to image with little memory", "text to image with a LoRA", "DiffEdit", "captions");

	@Test
	void eachResultHasTheBitsOfARunAlone() throws Exception {
		final Map<String, Jobs.Job> jobs = Jobs.all();
		jobs.keySet().retainAll(FEW);
		final Load load = new Load(jobs);
		final long maps = ProcessMemory.now().maps();
		final AtomicInteger begun = new AtomicInteger();
		load.round(1, () -> begun.incrementAndGet() <= JOBS);
		assertEquals(List.of(), load.wrong());
		assertEquals(JOBS, load.done() + load.ended());
		assertTrue(load.done() > JOBS / 3 && load.ended() > 0, load::toString);
		assertEquals(maps, ProcessMemory.now().maps());
	}

	@Test
	void loadingAndUnloadingLeavesNothing() throws Exception {
		try (ModelStore store = new ModelStore()) {
			final ProcessMemory before = ProcessMemory.now();
			for (final String job : List.of("text to image with little memory", "captions", "text to image with a LoRA")) {
				Jobs.all().get(job).done(store, StepListener.NONE);
				store.unloadAll();
				store.results().clear();
				final ProcessMemory after = ProcessMemory.now();
				assertEquals(before.values(), after.values(), job);
				assertEquals(before.maps(), after.maps(), job);
			}
		}
	}
}
