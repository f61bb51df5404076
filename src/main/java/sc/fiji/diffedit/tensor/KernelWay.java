package sc.fiji.diffedit.tensor;

import java.util.Locale;

/** A way to compute the same in less time that pays on some processors and for some element types only, see {@link KernelChoices}. */
public enum KernelWay {

	/** Attention among many places by products of matrices, block by block ({@code attention.torchscript}), in place of libtorch's fused one. */
	BLOCKED_ATTENTION(FastPath.BLOCKED_ATTENTION),
	/** Convolutions of 3x3 with fewer multiplications ({@code winograd.torchscript}); in 32 bits only, since it rounds more. */
	WINOGRAD(FastPath.FAST_CONVOLUTIONS),
	/** Convolutions of few pixels as one product of matrices ({@code packed_conv.torchscript}). */
	PRODUCTS(FastPath.PACKED_WEIGHTS),
	/** Convolutions of a doubled picture as four of the small one ({@code doubled.torchscript}). */
	DOUBLED(FastPath.FAST_CONVOLUTIONS);

	private final FastPath path;

	KernelWay(final FastPath path) {
		this.path = path;
	}

	/** The fast path that this way belongs to, and without which it is never taken. */
	FastPath path() {
		return path;
	}

	/** The method by which programs ask whether to take it for a tensor. */
	String method() {
		return "takes_" + name().toLowerCase(Locale.ROOT);
	}

	/** The name in tables, such as {@code blocked-attention}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}
}
