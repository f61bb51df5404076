package sc.fiji.diffedit.memory;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Weights that stay in main memory, made once from the checkpoint: cast, and pinned where a stream copies from them. */
final class WeightHomeInMemory implements WeightHome {

	private final StoredWeights weights;
	private final UnaryOperator<Tensor> last;
	private final Map<Block, Scope> scopes = new IdentityHashMap<>();
	private final Map<Block, Map<String, Tensor>> tensors = new IdentityHashMap<>();

	/** @param last what is done to each tensor before it is stored, such as to pin it */
	WeightHomeInMemory(final StoredWeights weights, final UnaryOperator<Tensor> last) {
		this.weights = weights;
		this.last = last;
	}

	@Override
	public Map<String, Tensor> tensors(final Block block) {
		if (!tensors.containsKey(block)) {
			try (Scope scope = Scope.open()) {
				final Map<String, Tensor> made = new LinkedHashMap<>();
				weights.of(block).forEach((name, tensor) -> made.put(name, last.apply(tensor)));
				final Scope home = Scope.detached();
				made.values().forEach(home::adopt);
				scopes.put(block, home);
				tensors.put(block, made);
			}
		}
		return tensors.get(block);
	}

	@Override
	public void changed(final Block block) {
		tensors.remove(block);
		final Scope home = scopes.remove(block);
		if (home != null) home.close();
	}

	@Override
	public void close() {
		scopes.values().forEach(Scope::close);
		scopes.clear();
		tensors.clear();
	}
}
