package sc.fiji.diffedit.goldens;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.weights.ModelOptions;

/** How a case loads its model and what it adds to it: {@code load}, {@code single_file}, {@code dtype} and {@code prepare}. */
final class ModelArguments {

	private final GoldenCase golden;
	private final Map<String, Path> loras = new LinkedHashMap<>();
	private final Map<String, Double> scales = new LinkedHashMap<>();
	private final Map<Path, String> words = new LinkedHashMap<>();
	private final List<String> others = new ArrayList<>();
	private boolean fused;
	private double factor;

	ModelArguments(final GoldenCase golden) {
		this.golden = golden;
		final JsonObject arguments = golden.json().getAsJsonObject("args");
		this.factor = arguments.has("cross_attention_kwargs") ? arguments.getAsJsonObject("cross_attention_kwargs").get("scale").getAsDouble() : 1;
		if (!golden.json().has("prepare")) return;
		for (final JsonElement call : golden.json().getAsJsonArray("prepare")) prepare(call.getAsJsonObject());
	}

	/** The model of the case, on the CPU. */
	LoadOptions options() {
		final JsonObject load = golden.json().has("load") ? golden.json().getAsJsonObject("load") : new JsonObject();
		ModelOptions files = ModelOptions.DEFAULTS;
		if (load.has("variant")) files = files.withVariant(load.get("variant").getAsString());
		final boolean single = golden.json().has("single_file");
		if (single) files = files.withCompanion(golden.tree().model(load.get("config").getAsString()));
		final Path model = single ? golden.tree().model(golden.text("single_file")) : golden.model();
		final String dtype = golden.text("dtype");
		return LoadOptions.of(model.toString()).withDevice("cpu").withFiles(files).withDtype(dtype.isEmpty() ? DType.FLOAT32 : DType.of(dtype));
	}

	/** LoRAs and textual inversions of the case. */
	Adapters adapters() {
		final Map<Path, Double> active = new LinkedHashMap<>();
		scales.forEach((name, scale) -> active.put(loras.get(name), scale * factor));
		return new Adapters(active, words, fused);
	}

	/** Names of prepared calls that are about other things than adapters. */
	List<String> otherCalls() {
		return others;
	}

	private void prepare(final JsonObject call) {
		final JsonObject named = call.has("kwargs") ? call.getAsJsonObject("kwargs") : new JsonObject();
		switch (call.get("call").getAsString()) {
			case "load_lora_weights" -> {
				final String name = named.has("adapter_name") ? named.get("adapter_name").getAsString() : "default";
				loras.put(name, file(call, named));
				scales.put(name, 1.0);
			}
			case "set_adapters" -> {
				final JsonArray names = call.getAsJsonArray("args").get(0).getAsJsonArray();
				scales.clear();
				for (int i = 0; i < names.size(); i++) scales.put(names.get(i).getAsString(), named.getAsJsonArray("adapter_weights").get(i).getAsDouble());
			}
			case "fuse_lora" -> {
				fused = true;
				factor = named.get("lora_scale").getAsDouble();
			}
			case "load_textual_inversion" -> words.put(file(call, named), named.has("token") ? named.get("token").getAsString() : "");
			default -> others.add(call.get("call").getAsString());
		}
	}

	private Path file(final JsonObject call, final JsonObject named) {
		final JsonObject from = call.getAsJsonArray("args").get(0).getAsJsonObject();
		if (from.has("$entry")) return golden.tree().model(from.getAsJsonArray("$entry").get(0).getAsString());
		return golden.tree().model(from.get("$model").getAsString()).resolve(named.get("weight_name").getAsString());
	}
}
