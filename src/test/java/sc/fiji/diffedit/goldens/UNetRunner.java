package sc.fiji.diffedit.goldens;

import java.util.List;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Kind {@code unet}: one call of the UNet per run, of several sizes, times and conditions; on packed weights, as the service runs it. */
final class UNetRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (GoldenPart part = GoldenPart.of(golden);
			UNet2DConditionModel unet = new UNet2DConditionModel(UNet2DConditionConfig.of(part.config()), part.weights(), DType.FLOAT32);
			ModelMemory memory = LayerwiseCasting.place(golden, "unet", unet))
		{
			if (!LayerwiseCasting.isAsked(golden)) PackedWeights.attach(unet, 0);
			final List<JsonObject> runs = golden.runs();
			for (int i = 0; i < runs.size(); i++) comparison.tensor("out." + i, forward(unet, golden, runs.get(i)));
		}
	}

	private static Tensor forward(final UNet2DConditionModel unet, final GoldenCase golden, final JsonObject run) {
		final Tensor sample = (Tensor) golden.value(run.get("sample"));
		final Object timestep = golden.value(run.get("timestep"));
		if (timestep instanceof Tensor) return unet.predict(sample, (Tensor) timestep, conditioning(golden, run));
		return unet.predict(sample, (double) timestep, conditioning(golden, run));
	}

	private static Conditioning conditioning(final GoldenCase golden, final JsonObject run) {
		Conditioning conditioning = Conditioning.of((Tensor) golden.value(run.get("encoder_hidden_states")));
		if (!run.has("added_cond_kwargs")) return conditioning;
		for (final Map.Entry<String, JsonElement> added : run.getAsJsonObject("added_cond_kwargs").entrySet()) {
			conditioning = conditioning.with(added.getKey(), (Tensor) golden.value(added.getValue()));
		}
		return conditioning;
	}
}
