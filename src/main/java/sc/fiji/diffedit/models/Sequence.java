package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Tensor;

/** Layers one after another. Each intermediate result is freed as soon as the next one is there. */
final class Sequence {

	/** One step, giving a new tensor. */
	@FunctionalInterface
	interface Layer {

		Tensor forward(Tensor x);
	}

	private final List<Layer> layers = new ArrayList<>();

	Sequence add(final Layer layer) {
		layers.add(layer);
		return this;
	}

	/** At least one layer is needed; the input stays the caller's. */
	Tensor forward(final Tensor x) {
		Tensor result = layers.get(0).forward(x);
		for (final Layer layer : layers.subList(1, layers.size())) result = consume(layer, result);
		return result;
	}

	private static Tensor consume(final Layer layer, final Tensor x) {
		try (x) {
			return layer.forward(x);
		}
	}
}
