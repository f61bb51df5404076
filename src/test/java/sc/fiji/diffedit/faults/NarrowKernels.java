package sc.fiji.diffedit.faults;

import java.io.IOException;
import java.util.Map;

import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Compiles a program of kernels and runs it, in ever more address space. */
final class NarrowKernels {

	private NarrowKernels() {}

	public static void main(final String[] range) throws IOException {
		try (Scope scope = Scope.open(); Parameters layer = new Parameters(Map.of("twice.weight", Tensor.of(new float[] { 2 }, 1, 1)))) {
			final Tensor numbers = Tensor.of(new float[] { 1, 3 }, 2, 1);
			AddressSpace.widen(range, () -> {
				final Kernels fresh = Kernels.load("layers", "clip").or(Kernels.load("layers"));   // another one each time, compiled by its first call
				fresh.call("linear", numbers, layer, "twice").close();
			});
		}
		Runtime.getRuntime().halt(0);
	}
}
