package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The policy of one network under a plan: brings the weights of a block's group to the device where it computes, moves the
 * call's tensors there, and gives the result back where the first of them came from.
 */
final class ManagedNetwork implements BlockPolicy {

	private final Mover mover;
	private final ResidentGroup residents;
	private final Optional<CopyStream> stream;
	private final boolean quantised;
	private final Map<Block, WeightGroup> groups = new IdentityHashMap<>();
	private final List<WeightGroup> order = new ArrayList<>();

	/**
	 * @param quantised whether weights that lie in quantised blocks stay in them between calls
	 * @param groups in the order of the forward pass, with their blocks
	 */
	ManagedNetwork(final Mover mover, final ResidentGroup residents, final Optional<CopyStream> stream, final boolean quantised,
		final Map<WeightGroup, List<Block>> groups)
	{
		this.quantised = quantised;
		this.mover = mover;
		this.residents = residents;
		this.stream = stream;
		groups.forEach((group, blocks) -> {
			order.add(group);
			for (final Block block : blocks) {
				group.add(block);
				this.groups.put(block, group);
				block.setPolicy(this);
			}
		});
	}

	@Override
	public Tensor call(final Block block, final String kernel, final Object... arguments) {
		final WeightGroup group = groups.get(block);
		residents.begin(group);
		try (Scope scope = Scope.open()) {
			final Parameters weights = group.bring(block, stream);
			if (group.leaves()) stream.ifPresent(copying -> prepareAfter(group, copying));
			final Optional<Map<String, Tensor>> numbers = numbers(block, weights.tensors());
			if (numbers.isEmpty()) return scope.keep(onDevice(block, kernel, arguments, group.device(), weights));
			try (Parameters widened = new Parameters(numbers.get())) {
				return scope.keep(onDevice(block, kernel, arguments, group.device(), widened));
			}
		}
		finally {
			if (group.endsWith(block)) group.leave();
		}
	}

	/** What quantised weights of a block, from its file or by its storage, stand for, for one call, in the innermost scope; empty if they can be computed with as they are. */
	private Optional<Map<String, Tensor>> numbers(final Block block, final Map<String, Tensor> weights) {
		final Optional<Map<String, Tensor>> ofInt8 = Int8Weights.numbers(weights, block.dtype());
		if (ofInt8.isPresent() || !quantised || block.isReplaced()) return ofInt8;
		final Map<String, Tensor> numbers = new LinkedHashMap<>(weights);
		for (final Leaf leaf : block.leaves()) {
			for (final String name : leaf.tensors()) {
				block.quantised(name).ifPresent(stored -> numbers.computeIfPresent(name, (key, blocks) -> stored.numbers(blocks).to(block.dtype())));
			}
		}
		return Optional.of(numbers);
	}

	private Tensor onDevice(final Block block, final String kernel, final Object[] arguments, final Device device, final Parameters weights) {
		final List<Tensor> copies = new ArrayList<>();
		try {
			final Object[] moved = moved(arguments, device, copies);
			moved[arguments.length] = weights;
			return back(block.kernels().call(kernel, moved), arguments);
		}
		finally {
			copies.forEach(mover::drop);
		}
	}

	/** The arguments on a device, with room for the weights. */
	private Object[] moved(final Object[] arguments, final Device device, final List<Tensor> copies) {
		final Object[] moved = Arrays.copyOf(arguments, arguments.length + 1);
		for (int i = 0; i < arguments.length; i++) {
			if (!(arguments[i] instanceof Tensor) || mover.deviceOf((Tensor) arguments[i]).equals(device)) continue;
			final Tensor copy = mover.move((Tensor) arguments[i], device, false);
			copies.add(copy);
			moved[i] = copy;
		}
		return moved;
	}

	private Tensor back(final Tensor result, final Object[] arguments) {
		for (final Object argument : arguments) {
			if (argument instanceof Tensor) return mover.move(result, mover.deviceOf((Tensor) argument), false);
		}
		return result;
	}

	/** Starts to bring what comes next in the order of the forward pass, if to the stream's device; after its end it begins again. */
	private void prepareAfter(final WeightGroup group, final CopyStream copying) {
		final WeightGroup next = order.get((order.indexOf(group) + 1) % order.size());
		if (!next.leaves() || !next.device().equals(copying.device())) return;
		next.start(copying);
		residents.expect(next);
	}

	@Override
	public void evicted(final Block block) {
		groups.get(block).forget(block);
	}

	/** The weights of a block as they are now, in the type in which they are kept, in the innermost scope or the block's. */
	static Map<String, Tensor> stored(final Block block, final Optional<Storage> storage, final boolean quantised) {
		final Map<String, Tensor> tensors = block.isReplaced() ? aliases(block.parameters().tensors()) : quantised ? block.loadQuantised() : block.load();
		if (storage.isEmpty()) return tensors;
		final DType dtype = storage.get().dtype();
		for (final Leaf leaf : block.leaves()) {
			if (!storage.get().keeps(block.path() + leaf.name(), leaf)) continue;
			for (final String name : leaf.tensors()) {
				if (dtype == DType.INT8) Int8Weights.keep(tensors, name);
				else tensors.computeIfPresent(name, (key, tensor) -> tensor.to(dtype));
			}
		}
		return tensors;
	}

	/** Other handles on the same storage: the block keeps its own. */
	private static Map<String, Tensor> aliases(final Map<String, Tensor> tensors) {
		final Map<String, Tensor> aliases = new LinkedHashMap<>();
		tensors.forEach((name, tensor) -> aliases.put(name, tensor.to(tensor.device())));
		return aliases;
	}
}
