package sc.fiji.diffedit.weights;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Older spellings of tensor names in folders, and the names that the networks here use for them. */
final class StateNames {

	private static final String TEXT_MODEL = "text_model.";
	private static final String VISION_MODEL = "vision_model.";
	private static final Pattern OLD_ATTENTION = Pattern.compile("(.*\\bmid_block\\.attentions\\.\\d+)\\.(query|key|value|proj_attn)\\.(weight|bias)");
	private static final Map<String, String> NEW_ATTENTION = Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

	private StateNames() {}

	/** The weights of a part under the names of its network, by the class that its config names. */
	static Weights normalised(final Weights weights, final String className) {
		if (className.startsWith("CLIPText")) return withoutTextModel(weights);
		if (className.equals("AutoencoderKL")) return withNewAttention(weights);
		if (className.equals("StableDiffusionSafetyChecker")) return withOneVisionModel(weights);
		return weights;
	}

	/** transformers wrote CLIP text models with the prefix {@code text_model.} up to 5.5 and writes them without it since. */
	private static Weights withoutTextModel(final Weights weights) {
		if (weights.names().stream().noneMatch(name -> name.startsWith(TEXT_MODEL))) return weights;
		return new RenamedWeights(weights, StateNames::withoutTextModel);
	}

	static String withoutTextModel(final String name) {
		return name.startsWith(TEXT_MODEL) ? name.substring(TEXT_MODEL.length()) : name;
	}

	/** The safety checker's image encoder was a model within a model up to transformers 5.5. */
	private static Weights withOneVisionModel(final Weights weights) {
		final String twice = VISION_MODEL + VISION_MODEL;
		if (weights.names().stream().noneMatch(name -> name.startsWith(twice))) return weights;
		return new RenamedWeights(weights, name -> name.startsWith(twice) ? name.substring(VISION_MODEL.length()) : name);
	}

	/** Autoencoders of Stable Diffusion 1 carry the attention names of diffusers before 0.12. */
	private static Weights withNewAttention(final Weights weights) {
		if (weights.names().stream().noneMatch(name -> OLD_ATTENTION.matcher(name).matches())) return weights;
		return new RenamedWeights(weights, StateNames::newAttention);
	}

	private static String newAttention(final String name) {
		final Matcher old = OLD_ATTENTION.matcher(name);
		return old.matches() ? old.group(1) + "." + NEW_ATTENTION.get(old.group(2)) + "." + old.group(3) : name;
	}
}
