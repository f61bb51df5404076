package sc.fiji.diffedit.memory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Whether packed weights work here: oneDNN packs {@code bfloat16} only for processors with certain instructions, and some builds of
 * libtorch have no oneDNN. Each packing program is tested once in this process and for each element type, by small calls
 * of every layer that packs, whose results must be those of the plain layers. A failure is reported once for each type, in one line of the log.
 */
final class PackingProbe {

	private static final Logger LOG = LoggerFactory.getLogger(PackingProbe.class);
	private static final Kernels PLAIN = Kernels.load("layers");
	private static final int CHANNELS = 16;

	private static final Map<Trial, Boolean> RESULTS = new ConcurrentHashMap<>();
	private static final Set<DType> REPORTED = ConcurrentHashMap.newKeySet();

	private record Trial(Kernels program, DType dtype) {}

	private PackingProbe() {}

	/** Whether a program with packed layers runs in a type and gives the right numbers; a native call the first time. */
	static boolean passes(final Kernels program, final DType dtype) {
		return RESULTS.computeIfAbsent(new Trial(program, dtype), key -> tried(program, dtype));
	}

	private static boolean tried(final Kernels program, final DType dtype) {
		try (Scope scope = Scope.open()) {
			new Layers(dtype).compare(program);
			return true;
		}
		catch (final RuntimeException e) {
			NotEnoughMemory.throwIf(e);
			// An operator that is missing, or refuses this type on this processor.
			if (REPORTED.add(dtype)) {
				LOG.warn("Weights in {} stay as they are in the file, which takes more time a call: this processor or its libtorch cannot pack them ({})",
					dtype.torchName(), Torch.reason(e));
			}
			return false;
		}
	}

	/** Small layers of every kind that packs, and what they work on. */
	private static final class Layers {

		private final DType dtype;
		private final Generator numbers = Generator.of(0);

		Layers(final DType dtype) {
			this.dtype = dtype;
		}

		void compare(final Kernels program) {
			final Tensor encoderHiddenStates = random(2, 5, CHANNELS);
			final Tensor image = random(2, CHANNELS, 6, 7);
			compare(program, layer(CHANNELS, CHANNELS), (kernels, w) -> kernels.call("linear", encoderHiddenStates, w, "layer"));
			compare(program, layer(2 * CHANNELS, CHANNELS), (kernels, w) -> kernels.call("geglu", encoderHiddenStates, w, "layer"));
			compare(program, layer(CHANNELS, CHANNELS, 1, 1), (kernels, w) -> kernels.call("conv", image, w, "layer", 1, 0));
			compare(program, layer(CHANNELS, CHANNELS, 3, 3), (kernels, w) -> kernels.call("conv", image, w, "layer", 1, 1));
			compare(program, layer(CHANNELS, CHANNELS, 3, 3), (kernels, w) -> kernels.call("conv", image, w, "layer", 2, 1));
			compare(program, layer(CHANNELS, CHANNELS, 3, 3), (kernels, w) -> kernels.call("resized_conv", image, 12, 14, w, "layer"));
		}

		private Tensor random(final long... shape) {
			return numbers.randn(DType.FLOAT32, shape).to(dtype);
		}

		private Map<String, Tensor> layer(final long... shape) {
			return Map.of("layer.weight", random(shape), "layer.bias", random(shape[0]));
		}

		private interface Call {

			Tensor of(Kernels kernels, Parameters parameters);
		}

		/** The first call packs, the second one finds the layer packed. */
		private void compare(final Kernels program, final Map<String, Tensor> layer, final Call call) {
			final Tensor plain = result(PLAIN, layer, call);
			final Tensor packed = result(program, layer, call);
			final double allowed = (dtype == DType.FLOAT32 ? 1e-4 : 3e-2) * largest(plain);
			final double error = largest(packed.to(DType.FLOAT32).minus(plain.to(DType.FLOAT32)));
			if (!(error <= allowed)) throw new ArithmeticException("packed layers are off by " + error + " where " + allowed + " is rounding");
		}

		private static Tensor result(final Kernels kernels, final Map<String, Tensor> layer, final Call call) {
			try (Parameters parameters = new Parameters(layer)) {
				call.of(kernels, parameters).close();
				return call.of(kernels, parameters);
			}
		}

		private static double largest(final Tensor tensor) {
			double largest = 0;
			for (final float value : tensor.to(DType.FLOAT32).toFloatArray()) largest = Double.isNaN(value) ? value : Math.max(largest, Math.abs(value));
			return largest;
		}
	}
}
