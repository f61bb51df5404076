package sc.fiji.diffedit.tensor;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import ai.djl.engine.EngineException;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.NotEnoughMemory;

/**
 * The 16-bit types that the CPU convolves only by libtorch's way for any type, which took 80 times as long as the same convolution in
 * 32 bits: oneDNN takes bfloat16 from AVX-512 or AVX-NE-CONVERT on, float16 likewise. Programs ask by calling
 * {@code self.slow_convolutions()}, and convolve such pictures in 32 bits.
 */
public final class SlowConvolutions {

	private static final String METHOD = "slow_convolutions";

	private static volatile Set<DType> types;

	private SlowConvolutions() {}

	/** Whether the CPU convolves a type this slowly; starts the engine. */
	public static boolean has(final DType dtype) {
		return types().contains(dtype);
	}

	private static Set<DType> types() {
		if (types == null) {
			final Set<DType> slow = EnumSet.noneOf(DType.class);
			for (final DType dtype : List.of(DType.BFLOAT16, DType.FLOAT16)) {
				if (!isTakenByOneDnn(dtype)) slow.add(dtype);
			}
			types = slow;
		}
		return types;
	}

	private static boolean isTakenByOneDnn(final DType dtype) {
		try (Scope scope = Scope.open()) {
			Kernels.load("convolution_probe").call("convolves", Tensor.full(1, dtype, 16, 16, 3, 3));
			return true;
		}
		catch (final DiffEditException | EngineException e) {
			NotEnoughMemory.throwIf(e);
			return false;
		}
	}

	/** The text of a program, with the method that tells these types if it asks for it. */
	static String declaredIn(final String program) {
		if (!program.contains("self." + METHOD)) return program;
		final String codes = types().stream().map(type -> Integer.toString(type.torchCode())).collect(Collectors.joining(", "));
		return program + "  def " + METHOD + "(self) -> List[int]:\n    return annotate(List[int], [" + codes + "])\n";
	}
}
