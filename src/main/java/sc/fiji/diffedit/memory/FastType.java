package sc.fiji.diffedit.memory;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.LoadedEngine;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The element type that a device computes fastest in, for those who leave the choice to the machine.
 * <p>
 * Whether a CPU multiplies {@code bfloat16} by instructions of its own is seen in what libtorch computes, not in what the system says
 * of the processor: so it holds on every system, with every build of libtorch and where {@code ONEDNN_MAX_CPU_ISA} forbids some
 * instructions, and no clock is asked. Those instructions (VDPBF16PS and TDPBF16PS of x86-64, BFDOT and BFMMLA of ARM) put zero in
 * place of products that are subnormal in 32 bits, by the manuals of Intel and Arm; where products are made by instructions for 32
 * bits, which is slower than 32 bits throughout, they count.
 */
public final class FastType {

	/** The lowest CUDA compute capability with bfloat16, which does not overflow. */
	private static final int AMPERE = 80;
	/** Edge of matrices that are large enough for oneDNN. */
	private static final int EDGE = 64;
	/** Its square is subnormal in 32 bits, the sum of {@link #EDGE} squares is not. */
	private static final double SMALL = 0x1p-65;

	private static volatile DType ofCpu;

	private FastType() {}

	/**
	 * {@code bfloat16} where the device has instructions for it, {@code float16} on older graphics cards, else {@code float32}.
	 * Starts the engine.
	 */
	public static DType of(final Device device) {
		if (device.isCpu()) return ofCpu();
		if (!device.type().equals("cuda")) return DType.FLOAT32;
		return LoadedEngine.cudaDevices().stream().filter(card -> card.device().equals(device))
			.anyMatch(card -> card.compute().matches("\\d+") && Integer.parseInt(card.compute()) >= AMPERE) ? DType.BFLOAT16 : DType.FLOAT16;
	}

	private static DType ofCpu() {
		if (ofCpu == null) ofCpu = dropsSubnormals(DType.BFLOAT16) && !dropsSubnormals(DType.FLOAT32) ? DType.BFLOAT16 : DType.FLOAT32;
		return ofCpu;
	}

	/** Whether a product of matrices, whose numbers are sums of subnormal products, comes out as zero. */
	private static boolean dropsSubnormals(final DType dtype) {
		try (Scope scope = Scope.open()) {
			final Tensor small = Tensor.full(SMALL, dtype, EDGE, EDGE);
			return small.matmul(small).to(DType.FLOAT32).toFloatArray()[0] == 0;
		}
	}
}
