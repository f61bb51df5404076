package sc.fiji.diffedit.tensor;

import java.util.List;

import ai.djl.pytorch.jni.IValue;

/** The kernels behind {@link Tensor}'s own methods, loaded when the first of them is used. */
final class Elementary {

	private static final class Holder {

		static final Kernels KERNELS = Kernels.load("elementary");
	}

	private Elementary() {}

	static Tensor call(final String kernel, final Object... arguments) {
		return Holder.KERNELS.call(kernel, arguments);
	}

	static List<Tensor> callForList(final String kernel, final Object... arguments) {
		return Holder.KERNELS.callForList(kernel, arguments);
	}

	static long callForLong(final String kernel, final Object... arguments) {
		return Holder.KERNELS.callForLong(kernel, arguments);
	}

	static IValue run(final String kernel, final Object... arguments) {
		return Holder.KERNELS.run(kernel, arguments);
	}
}
