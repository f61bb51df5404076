package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

/** A run is cancelled once and for all, and nobody else's with it. */
class RunTest {

	@Test
	void onlyTheRunOfTheThreadIsAsked() {
		final Run cancelled = new Run("one");
		final Run other = new Run("other");
		cancelled.cancel();
		Run.check();
		other.call(() -> {
			Run.check();
			assertThrows(CancelledException.class, () -> cancelled.call(() -> {
				Run.check();
				return null;
			}));
			assertSame(other, Run.current(), "after a run within a run");
			return null;
		});
		assertSame(Run.NONE, Run.current());
	}

	@Test
	void whoWaitsIsWokenWheneverTheCancelComes() {
		final Run run = new Run("a run");
		final AtomicInteger woken = new AtomicInteger();
		run.onCancel(woken::incrementAndGet).close();
		try (Run.CancelAction before = run.onCancel(woken::incrementAndGet)) {
			run.cancel();
			assertEquals(1, woken.get(), "only who still waits");
			run.onCancel(woken::incrementAndGet);
			assertEquals(2, woken.get(), "at once");
		}
	}

	@Test
	void aCancelledRunSaysNothing() {
		final List<String> reported = new ArrayList<>();
		final Run run = new Run("a run", reported::add);
		run.report("block 1 of 2");
		run.cancel();
		run.report("block 2 of 2, which was under way");
		assertEquals(List.of("block 1 of 2"), reported);
	}

	@Test
	void workThatBelongsToNoRunCannotBeCancelled() {
		Run.NONE.cancel();
		assertFalse(Run.NONE.isCancelled());
		Run.check();
	}

	@Test
	void aThreadWithoutARunGetsOneOfItsOwn() {
		final Run own = Run.currentOr("demo");
		own.cancel();
		assertEquals("demo", own.name());
		assertTrue(own.isCancelled());
		Run.check();
		final Run given = new Run("given");
		assertSame(given, given.call(() -> Run.currentOr("demo")));
	}
}
