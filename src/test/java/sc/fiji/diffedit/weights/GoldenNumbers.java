package sc.fiji.diffedit.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** All numbers of golden models, read once. */
final class GoldenNumbers {

	private static final Map<String, Map<String, float[]>> READ = new ConcurrentHashMap<>();

	private GoldenNumbers() {}

	/** By part and name, {@code unet/conv_in.weight}. */
	static Map<String, float[]> of(final String model) {
		return READ.computeIfAbsent(model, name -> {
			final Map<String, float[]> numbers = new LinkedHashMap<>();
			try (ModelFolder folder = ModelFolder.open(GoldenCase.model(name)); Scope scope = Scope.open()) {
				folder.parts().stream().filter(folder::hasWeights).forEach(part -> folder.weights(part).names().forEach(tensor -> numbers.put(part + "/" + tensor, in32Bits(folder.weights(part).get(tensor)))));
			}
			return numbers;
		});
	}

	static float[] in32Bits(final Tensor tensor) {
		return (tensor.dtype() == DType.FLOAT32 ? tensor : tensor.to(DType.FLOAT32)).toFloatArray();
	}
}
