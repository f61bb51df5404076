package sc.fiji.diffedit.fiji.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.time.LocalTime;
import java.util.List;

import org.junit.jupiter.api.Test;

/** A history is bounded, and says what it has dropped. */
class HistoryTest {

	private record Entry(String text, long bytes) implements HistoryEntry {

		@Override
		public LocalTime time() {
			return LocalTime.NOON;
		}

		@Override
		public BufferedImage thumbnail() {
			return null;
		}
	}

	private static List<String> texts(final History history) {
		return history.entries().stream().map(HistoryEntry::text).toList();
	}

	@Test
	void theNewestComesFirstAndTheOldestGoes() {
		final History history = new History();
		for (int i = 0; i < History.MOST_ENTRIES; i++) history.add(new Entry("e" + i, 1));
		assertEquals("", history.notice());
		history.add(new Entry("last", 1));
		assertEquals(History.MOST_ENTRIES, history.entries().size());
		assertEquals("last", texts(history).get(0));
		assertEquals("e1", texts(history).get(History.MOST_ENTRIES - 1));
		assertTrue(history.notice().startsWith("The oldest entry was dropped"), history.notice());
	}

	@Test
	void largeEntriesLeaveRoomForFewer() {
		final History history = new History();
		for (final String text : List.of("a", "b", "c")) history.add(new Entry(text, History.MOST_BYTES / 2));
		assertEquals(List.of("c", "b"), texts(history));
		history.add(new Entry("huge", 2 * History.MOST_BYTES));
		assertEquals(List.of("huge"), texts(history), "the newest stays whatever it takes");
		assertTrue(history.notice().startsWith("The 3 oldest entries were dropped"), history.notice());
	}
}
