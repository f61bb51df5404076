package sc.fiji.diffedit.goldens;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.memory.Storage;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;

/** A case's {@code layerwise_casting}: the arguments of diffusers' {@code enable_layerwise_casting}, at work on the case's network. */
final class LayerwiseCasting {

	private static final Map<String, Leaf.Kind> KINDS = Map.of("Linear", Leaf.Kind.LINEAR, "Conv2d", Leaf.Kind.CONV2D, "Embedding", Leaf.Kind.EMBEDDING);

	private LayerwiseCasting() {}

	static boolean isAsked(final GoldenCase golden) {
		return golden.json().has("layerwise_casting");
	}

	/** Puts a network under the plan of the case, if it has one. Close it after the network. */
	static ModelMemory place(final GoldenCase golden, final String component, final Network network) {
		MemoryPlan plan = MemoryPlan.AUTOMATIC;
		if (isAsked(golden)) plan = plan.withStorage(component, storage(golden.json().getAsJsonObject("layerwise_casting")));
		final ModelMemory memory = new ModelMemory(plan.filledFor(Device.CPU), Device.CPU, Mover.NATIVE, Map.of(), Set.of(), note -> {});
		memory.place(component, network);
		return memory;
	}

	private static Storage storage(final JsonObject how) {
		Storage storage = Storage.of(DType.of(how.get("storage_dtype").getAsString()));
		if (how.has("skip_modules_pattern")) storage = storage.withSkipPatterns(texts(how, "skip_modules_pattern"));
		if (how.has("skip_modules_classes")) {
			storage = storage.withSkipKinds(texts(how, "skip_modules_classes").stream().map(KINDS::get).collect(Collectors.toSet()));
		}
		return storage;
	}

	private static List<String> texts(final JsonObject how, final String name) {
		return how.getAsJsonArray(name).asList().stream().map(JsonElement::getAsString).toList();
	}
}
