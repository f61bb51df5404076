package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Blocks whose weights are on a device together. Each comes when it is first called (or, with a stream, all of them before
 * that); all leave together.
 */
final class WeightGroup {

	private final List<Block> blocks = new ArrayList<>();
	private final Device device;
	private final WeightHome home;
	private final Mover mover;
	private final boolean nonBlocking;
	private final boolean leaves;
	private final boolean endsWithLast;
	private final Map<Block, Present> present = new IdentityHashMap<>();
	private boolean coming;

	/** The tensors of a block that are on the device. */
	private record Present(Scope home, Parameters parameters) {}

	/**
	 * @param leaves whether it makes room for others
	 * @param endsWithLast whether it does so after the call of its last block, else when another one has its turn
	 */
	WeightGroup(final Device device, final WeightHome home, final Mover mover, final boolean nonBlocking, final boolean leaves, final boolean endsWithLast) {
		this.device = device;
		this.home = home;
		this.mover = mover;
		this.nonBlocking = nonBlocking;
		this.leaves = leaves;
		this.endsWithLast = endsWithLast;
	}

	void add(final Block block) {
		blocks.add(block);
	}

	boolean leaves() {
		return leaves;
	}

	Device device() {
		return device;
	}

	/** Whether no later block of this group is called after a block, according to the order of blocks. */
	boolean endsWith(final Block block) {
		return leaves && endsWithLast && blocks.get(blocks.size() - 1) == block;
	}

	/** The weights of a block on the device, brought now if they are not there. */
	Parameters bring(final Block block, final Optional<CopyStream> stream) {
		if (coming) {
			stream.ifPresent(CopyStream::join);
			coming = false;
		}
		final Present here = present.get(block);
		if (here != null) return here.parameters();
		try (Scope scope = Scope.open()) {
			final Map<String, Tensor> moved = new LinkedHashMap<>();
			home.tensors(block).forEach((name, tensor) -> moved.put(name, mover.move(tensor, device, nonBlocking)));
			return hold(block, moved);
		}
	}

	/** Starts to bring all blocks on a stream. */
	void start(final CopyStream stream) {
		for (final Block block : blocks) {
			if (present.containsKey(block)) continue;
			try (Scope scope = Scope.open()) {
				final Map<String, Tensor> resting = home.tensors(block);
				final List<Tensor> copies = stream.start(List.copyOf(resting.values()));
				final Map<String, Tensor> moved = new LinkedHashMap<>();
				for (final String name : resting.keySet()) moved.put(name, copies.get(moved.size()));
				hold(block, moved);
				coming = true;
			}
		}
	}

	private Parameters hold(final Block block, final Map<String, Tensor> moved) {
		final Scope home = Scope.detached();
		moved.values().forEach(home::adopt);
		final Present here = new Present(home, new Parameters(moved));
		present.put(block, here);
		return here.parameters();
	}

	/** Frees what is on the device. */
	void leave() {
		List.copyOf(present.keySet()).forEach(this::drop);
		coming = false;
	}

	/** Called when the weights of a block have changed or are no longer needed. */
	void forget(final Block block) {
		drop(block);
		home.changed(block);
	}

	private void drop(final Block block) {
		final Present here = present.remove(block);
		if (here == null) return;
		here.parameters().close();
		here.parameters().tensors().values().forEach(mover::drop);
		here.home().close();
	}
}
