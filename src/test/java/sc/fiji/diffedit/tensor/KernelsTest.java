package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;

/** Programs of kernels, where this libtorch knows their operators and where it does not. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class KernelsTest {

	private static final Kernels UNKNOWN = Kernels.load("unknown_operator");

	private static Tensor twice(final Kernels kernels) {
		try (Parameters layer = new Parameters(Map.of("twice.weight", Tensor.of(new float[] { 2 }, 1, 1)))) {
			return kernels.call("linear", Tensor.of(new float[] { 1, 3 }, 2, 1), layer, "twice");
		}
	}

	@Test
	void anUnknownOperatorIsToldInASentence() {
		final DiffEditException failure = assertThrows(DiffEditException.class, () -> twice(UNKNOWN));
		assertTrue(failure.getMessage().contains("cannot run the kernels 'unknown_operator'") && failure.getMessage().contains("_no_such_operator"), failure.getMessage());
	}

	@Test
	void aPlainerProgramTakesThePlaceOfOneThatCannotRun() {
		assertArrayEquals(new float[] { 2, 6 }, twice(UNKNOWN.or(Kernels.load("layers"))).toFloatArray());
	}
}
