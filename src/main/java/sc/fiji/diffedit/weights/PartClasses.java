package sc.fiji.diffedit.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** The classes of which parts are made, as {@code model_index.json} names them: another class computes other numbers from the same weights. */
final class PartClasses {

	private static final String TEXT = "text_encoder", SECOND_TEXT = "text_encoder_2", PLAIN = "CLIPTextModel", PROJECTION = "CLIPTextModelWithProjection";
	private static final List<String> TOKENIZERS = List.of("CLIPTokenizer", "CLIPTokenizerFast");
	private static final Map<String, List<String>> SERVED = new TreeMap<>(Map.of("unet", List.of("UNet2DConditionModel"), TEXT, List.of(PLAIN), SECOND_TEXT, List.of(PROJECTION),
		"tokenizer", TOKENIZERS, "tokenizer_2", TOKENIZERS));

	private PartClasses() {}

	/** The class in an entry {@code [library, class]}; null if it is none. */
	static String of(final JsonElement entry) {
		if (entry == null || !entry.isJsonArray() || entry.getAsJsonArray().size() != 2) return null;
		final JsonElement name = entry.getAsJsonArray().get(1);
		return name.isJsonPrimitive() && name.getAsJsonPrimitive().isString() ? name.getAsString() : null;
	}

	/**
	 * @param folder the model's name in messages
	 * @throws DiffEditException if the pipeline or a part is of a class that is not served; the message names it and what is
	 */
	static Config checked(final String folder, final Config index) {
		ForeignModels.refuse(folder, ForeignModels.byPipeline(index.getString("_class_name", "")));
		refuseScheduler(index);
		SERVED.forEach((part, classes) -> {
			final String found = of(index.json().get(part));
			if (found == null || classes.contains(found) || found.equals(PROJECTION) && isOfTwo(index)) return;
			throw new DiffEditException(index.source() + " names " + found + " for its " + part + ForeignModels.byClass(found).map(kind -> ", " + kind + ",").orElse("") + " but " + String.join(" or ", classes)
				+ " is needed; choose a model of Stable Diffusion 1.x, 2.x or XL.");
		});
		return index;
	}

	/** DiffEdit walks its own way over a model's noise schedule, so that a schedule of another kind must not go unnoticed. */
	private static void refuseScheduler(final Config index) {
		final String found = Optional.ofNullable(of(index.json().get("scheduler"))).orElse("");
		ForeignModels.byClass(found).ifPresent(kind -> {
			throw new DiffEditException(index.source() + " names " + found + ", a scheduler " + kind + ", which are not supported; choose a model of Stable Diffusion 1.x, 2.x or XL.");
		});
	}

	/** SDXL reads hidden states alone of its first text encoder, which a projection behind them does not change. */
	private static boolean isOfTwo(final Config index) {
		return of(index.json().get(SECOND_TEXT)) != null;
	}
}
