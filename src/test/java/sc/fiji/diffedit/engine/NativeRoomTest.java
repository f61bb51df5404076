package sc.fiji.diffedit.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.NotEnoughMemory;

/** Native memory that is asked for before it is needed. {@code HardPlacesTest} sees it refused by the system's limit. */
class NativeRoomTest {

	@Test
	void whatNoSystemGivesIsRefusedInASentence() {
		final String message = assertThrows(NotEnoughMemory.class, () -> NativeRoom.require(1L << 60, "the kernels layers")).getMessage();
		assertEquals("The system gives this process no memory for the kernels layers (1099511627776 MiB were refused); close other programs, "
			+ "give Java less of it, or raise the limit of the process (ulimit -v, or that of the container).", message);
	}

	@Test
	void whatIsThereIsGivenBack() {
		for (int i = 0; i < 4096; i++) assertDoesNotThrow(() -> NativeRoom.require("the kernels layers"), "a quarter of a terabyte, 64 MiB at a time");
	}
}
