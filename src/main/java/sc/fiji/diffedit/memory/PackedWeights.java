package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.FastPath;
import sc.fiji.diffedit.tensor.KernelChoices;
import sc.fiji.diffedit.tensor.KernelWay;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Runs a network on the CPU with weights in oneDNN's own layouts, so that they are not reordered at every call: the
 * results are equal up to rounding. A block is packed for an image size once it has been called a few times with that
 * size, since packing costs as much as some calls, and its plain tensors are then freed where nothing else needs them.
 * With another size it runs on plain weights until that size has occurred as often; then it is packed again.
 *
 * <pre>{@code
 * PackedWeights.attach(unet, 0);          // every block of unet, packed in its first call
 * }</pre>
 *
 * The packed tensors are freed with the network. A policy that moves weights between devices or stores them in another
 * type takes the place of this one.
 */
public final class PackedWeights implements BlockPolicy {

	private static final String PLAIN = "layers";
	private static final String PACKED = "packed";
	/** The part of the machine's memory that a network's packed weights may take; its plain tensors lie in mapped files. */
	private static final double SHARE = 0.5;

	/**
	 * How much larger the weights of SD 1.5's UNet become in 32 bits at 512 x 512, see {@code fast_conv_where_it_pays.torchscript};
	 * the same for doubled pictures alone.
	 */
	private static final double WINOGRAD = 1.7;
	private static final double DOUBLED = 1.03;

	private final Kernels kernels;
	private final int plainCalls;
	private final Map<Block, Pack> packs = new IdentityHashMap<>();
	private Block releasing;

	private PackedWeights(final Kernels kernels, final int plainCalls) {
		this.kernels = kernels;
		this.plainCalls = plainCalls;
	}

	/**
	 * Attaches the policy to the blocks of a network that it can serve: those that compute in 32-bit or bfloat16 numbers
	 * and are under no other policy. Packed tensors are private to this process, so nothing is packed where they would
	 * take more than half of the machine's memory, see {@link #bytes}.
	 *
	 * @param plainCalls how often a size must have come before a block is packed for it; with 0 results are the same to the
	 *          last bit from the first call on
	 * @return whether this is a {@link FastPath} to be used, there is such a block, and this machine has the memory and
	 *          {@linkplain PackingProbe can compute} so; where it cannot, everything runs on plain weights
	 */
	public static boolean attach(final Network network, final int plainCalls) {
		return fit(network.parameterCount() * network.dtype().bytes(), network.dtype()) && attach(network.blocks(), plainCalls);
	}

	/**
	 * Marks the blocks of a network used only for estimates as {@link #attach} would, without native calls.
	 *
	 * @return whether there is such a block and the machine has the memory
	 */
	public static boolean describe(final Network network) {
		if (!fit(network.parameterCount() * network.dtype().bytes(), network.dtype())) return false;
		final List<Block> served = network.blocks().stream().filter(PackedWeights::serves).toList();
		served.forEach(block -> block.setPolicy(new PackedWeights(block.kernels(), 0)));
		return !served.isEmpty();
	}

	/**
	 * Whether packed weights are to be used for a UNet in this type, and the machine has the memory for them and can compute on them.
	 * Before the engine runs the latter is taken for granted.
	 *
	 * @param plain bytes of the plain weights
	 */
	public static boolean fit(final long plain, final DType dtype) {
		return FastPath.PACKED_WEIGHTS.isOn() && serves(dtype) && fit(plain, dtype, FreeMemory.ofMachine().total(Device.CPU))
			&& (!Torch.isRunning() || works(dtype));
	}

	/** Whether this processor and its libtorch can compute on packed weights of this type; starts the engine. */
	static boolean works(final DType dtype) {
		return serves(dtype) && PackingProbe.passes(packed(UNet2DConditionModel.KERNELS), dtype);
	}

	/** @param total bytes of the machine's memory */
	static boolean fit(final long plain, final DType dtype, final long total) {
		return bytes(plain, dtype) < SHARE * total;
	}

	/**
	 * About how many bytes the packed weights of a Stable Diffusion UNet take: those of Winograd's convolutions, where this processor
	 * takes them, are larger than the plain ones, and so are those of doubled pictures.
	 *
	 * @param plain bytes of the plain weights
	 */
	public static long bytes(final long plain, final DType dtype) {
		if (KernelChoices.mayTake(KernelWay.WINOGRAD, dtype)) return (long) (WINOGRAD * plain);
		return KernelChoices.mayTake(KernelWay.DOUBLED, dtype) ? (long) (DOUBLED * plain) : plain;
	}

	private static boolean attach(final Collection<Block> blocks, final int plainCalls) {
		final Map<Kernels, PackedWeights> policies = new IdentityHashMap<>();
		for (final Block block : blocks) {
			if (!serves(block)) continue;
			final Kernels packed = packed(block.kernels().parts());
			if (!PackingProbe.passes(packed, block.dtype())) continue;
			block.setPolicy(policies.computeIfAbsent(packed, kernels -> new PackedWeights(kernels, plainCalls)));
		}
		return !policies.isEmpty();
	}

	private static boolean serves(final Block block) {
		return serves(block.dtype()) && block.policy() == BlockPolicy.DIRECT && block.kernels().parts().contains(PLAIN);
	}

	private static boolean serves(final DType dtype) {
		return dtype == DType.FLOAT32 || dtype == DType.BFLOAT16;
	}

	/** The same program on packed layers. */
	private static Kernels packed(final List<String> plain) {
		final List<String> parts = new ArrayList<>(plain);
		parts.replaceAll(part -> part.equals(PLAIN) ? PACKED : part.equals("plain_products") ? "onednn_products" : part);
		for (final String part : List.of("packed_conv", "winograd", "doubled")) {
			if (!parts.contains(part)) parts.add(part);
		}
		parts.add(FastPath.FAST_CONVOLUTIONS.isOn() ? "fast_conv_where_it_pays" : "fast_conv_nowhere");
		if (FastPath.KEPT_CONTEXT.isOn()) parts.replaceAll(part -> part.equals("plain_context") ? "kept_context" : part);
		return Kernels.load(parts.toArray(new String[0]));
	}

	@Override
	public Tensor call(final Block block, final String kernel, final Object... arguments) {
		final Tensor input = (Tensor) arguments[0];
		if (!input.device().equals(Device.CPU)) return DIRECT.call(block, kernel, arguments);
		final Pack pack = packs.computeIfAbsent(block, b -> new Pack());
		final long[] size = size(arguments);
		if (pack.fits(size)) return kernels.call(kernel, with(pack.parameters, arguments));
		if (pack.seen(size) <= plainCalls) return DIRECT.call(block, kernel, arguments);
		return packing(block, pack, size, kernel, arguments);
	}

	/**
	 * What decides about layouts: the shape of what comes in, but for the batch, whose effect is too small to pack anew for it; and
	 * whole numbers, such as the size that an image is to grow to.
	 */
	private static long[] size(final Object... arguments) {
		final LongStream shape = Arrays.stream(((Tensor) arguments[0]).shape()).skip(1);
		final LongStream numbers = Arrays.stream(arguments).filter(a -> a instanceof Integer || a instanceof Long).mapToLong(a -> ((Number) a).longValue());
		return LongStream.concat(shape, numbers).toArray();
	}

	private static Object[] with(final Parameters parameters, final Object... arguments) {
		final Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = parameters;
		return all;
	}

	/** The kernels pack what they meet; afterwards the dictionary holds all that is needed. */
	private Tensor packing(final Block block, final Pack pack, final long[] size, final String kernel, final Object... arguments) {
		pack.close();
		try (Scope scope = Scope.open()) {
			final Map<String, Tensor> plain = block.isLoaded() ? block.parameters().tensors() : block.load();
			final Parameters parameters = new Parameters(plain);
			final Tensor result;
			try {
				result = kernels.call(kernel, with(parameters, arguments));
			}
			catch (final RuntimeException e) {
				parameters.close();
				throw e;
			}
			pack.take(size, parameters);
			if (block.isLoaded() && !block.isReplaced()) release(block);
			return scope.keep(result);
		}
	}

	private void release(final Block block) {
		releasing = block;
		block.evict();
		releasing = null;
	}

	@Override
	public void evicted(final Block block) {
		if (block == releasing) return;
		final Pack pack = packs.remove(block);
		if (pack != null) pack.close();
	}

	/** The packed tensors of a block, and the size they are packed for. */
	private static final class Pack {

		private Parameters parameters;
		private long[] packed;
		private long[] last;
		private int times;

		boolean fits(final long[] size) {
			return parameters != null && Arrays.equals(packed, size);
		}

		/** How many times in a row this size has come. */
		int seen(final long[] size) {
			times = Arrays.equals(last, size) ? times + 1 : 1;
			last = size;
			return times;
		}

		void take(final long[] size, final Parameters tensors) {
			packed = size;
			parameters = tensors;
		}

		void close() {
			if (parameters != null) parameters.close();
			parameters = null;
		}
	}
}
