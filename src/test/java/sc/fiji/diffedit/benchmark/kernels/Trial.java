package sc.fiji.diffedit.benchmark.kernels;

import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.EveryWay;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.KernelWay;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A layer of Stable Diffusion on which a way of computing is tried. */
abstract class Trial {

	private static final String[] PACKED = { "packed", "packed_conv", "winograd", "doubled", "fast_conv_where_it_pays" };
	private static final String[] PLAIN = { "layers", "winograd", "doubled", "fast_conv" };

	private final String name;
	private final String[] parts;

	private Trial(final String name, final String... parts) {
		this.name = name;
		this.parts = parts;
	}

	/** Those that a way is for, in a type; batches of two, as with guidance. */
	static List<Trial> of(final KernelWay way, final DType dtype) {
		return switch (way) {
			case BLOCKED_ATTENTION -> List.of(attention(dtype, 4096, 8, 40), attention(dtype, 1024, 8, 80), attention(dtype, 4096, 10, 64), attention(dtype, 1024, 20, 64), attention(dtype, 4096, 1, 512));
			case WINOGRAD -> List.of(conv(dtype, 320, 64), conv(dtype, 640, 32), conv(dtype, 1280, 16), conv(dtype, 1280, 8), picture(dtype, "conv3", 256, 128));
			case PRODUCTS -> List.of(conv(dtype, 1280, 4), conv(dtype, 1280, 6));
			case DOUBLED -> List.of(doubled(dtype, 1280, 8), doubled(dtype, 1280, 16), doubled(dtype, 640, 32), picture(dtype, "upsample_conv", 256, 64));
		};
	}

	/** What is computed, such as {@code conv 1280, 16 x 16}. */
	String name() {
		return name;
	}

	abstract Tensor input(Generator numbers);

	abstract Map<String, Tensor> weights(Generator numbers);

	abstract Tensor call(Kernels kernels, Tensor input, Parameters weights);

	/** With the choices of a setting, packed and called once; tensors belong to the innermost scope. */
	Ready ready(final String choices) {
		final Kernels kernels = EveryWay.loadWith(choices, parts);
		final Generator numbers = Generator.of(1);
		final Tensor input = input(numbers);
		final Ready ready = new Ready(kernels, input, new Parameters(weights(numbers)));
		ready.run();
		return ready;
	}

	/** A layer that only has to be called. */
	final class Ready implements AutoCloseable {

		private final Kernels kernels;
		private final Tensor input;
		private final Parameters weights;

		private Ready(final Kernels kernels, final Tensor input, final Parameters weights) {
			this.kernels = kernels;
			this.input = input;
			this.weights = weights;
		}

		void run() {
			try (Scope scope = Scope.open()) {
				call(kernels, input, weights);
			}
		}

		@Override
		public void close() {
			weights.close();
		}
	}

	private static Trial attention(final DType dtype, final int tokens, final int heads, final int size) {
		return new Trial("attention of " + tokens + " places, " + heads + " heads of " + size, "layers", "attention", "onednn_products") {

			@Override
			Tensor input(final Generator numbers) {
				return numbers.randn(dtype, 2, tokens, (long) heads * size);
			}

			@Override
			Map<String, Tensor> weights(final Generator numbers) {
				return Map.of();
			}

			@Override
			Tensor call(final Kernels kernels, final Tensor input, final Parameters weights) {
				return kernels.call("attention", input, input, input, heads);
			}
		};
	}

	/** A convolution of a UNet, on packed weights. */
	private static Trial conv(final DType dtype, final int channels, final int side) {
		return new Convolution("convolution", dtype, 2, channels, side, PACKED) {

			@Override
			Tensor call(final Kernels kernels, final Tensor input, final Parameters weights) {
				return kernels.call("conv", input, weights, "c", 1, 1);
			}
		};
	}

	private static Trial doubled(final DType dtype, final int channels, final int side) {
		return new Convolution("convolution after doubling", dtype, 2, channels, side, PACKED) {

			@Override
			Tensor call(final Kernels kernels, final Tensor input, final Parameters weights) {
				return kernels.call("resized_conv", input, 2 * side, 2 * side, weights, "c");
			}
		};
	}

	/** A convolution of an autoencoder. */
	private static Trial picture(final DType dtype, final String kernel, final int channels, final int side) {
		return new Convolution("autoencoder's " + kernel, dtype, 1, channels, side, PLAIN) {

			@Override
			Tensor call(final Kernels kernels, final Tensor input, final Parameters weights) {
				return kernels.call(kernel, input, weights, "c");
			}
		};
	}

	private abstract static class Convolution extends Trial {

		private final DType dtype;
		private final int batch;
		private final int channels;
		private final int side;

		Convolution(final String what, final DType dtype, final int batch, final int channels, final int side, final String... parts) {
			super(what + ", " + channels + " channels, " + side + " x " + side, parts);
			this.dtype = dtype;
			this.batch = batch;
			this.channels = channels;
			this.side = side;
		}

		@Override
		Tensor input(final Generator numbers) {
			return numbers.randn(dtype, batch, channels, side, side).channelsLast();
		}

		@Override
		Map<String, Tensor> weights(final Generator numbers) {
			return Map.of("c.weight", numbers.randn(dtype, channels, channels, 3, 3).multiply(0.01), "c.bias", numbers.randn(dtype, channels));
		}
	}
}
