package sc.fiji.diffedit.weights;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * What a file with a UNet says of itself: empty tensors {@code v_pred} and {@code ztsnr}, metadata {@code modelspec.prediction_type}, and the
 * number of training steps.
 *
 * @param prediction what the network predicts, in diffusers' words; empty if the file does not say
 * @param zeroSnr whether the noise schedule ends in noise alone
 */
record FileMarkers(Optional<String> prediction, boolean zeroSnr) {

	static final String V = "v_prediction", EPSILON = "epsilon";

	/** The training steps of Stable Diffusion 2 base, which tell it from the others of its family (diffusers {@code single_file_utils.py}). */
	private static final int STEPS_OF_BASE = 875_000;

	/** @throws DiffEditException if the metadata name a prediction that is not known */
	static FileMarkers of(final WeightsFile file) {
		return new FileMarkers(predictionOf(file), file.has("ztsnr"));
	}

	private static Optional<String> predictionOf(final WeightsFile file) {
		if (file.has("v_pred")) return Optional.of(V);
		final String word = file.metadata().get("modelspec.prediction_type");
		if (word != null) return Optional.of(ofModelSpec(file.source(), word));
		return isBase(file) ? Optional.of(EPSILON) : Optional.empty();
	}

	private static String ofModelSpec(final String source, final String word) {
		return switch (word.toLowerCase(Locale.ROOT)) {
			case "v", V -> V;
			case "eps", EPSILON -> EPSILON;
			default -> throw new DiffEditException(source + " says in its metadata that it predicts '" + word + "'; supported are epsilon and v.");
		};
	}

	private static boolean isBase(final WeightsFile file) {
		return file instanceof PickleFile pickle && pickle.root() instanceof Map<?, ?> root && root.get("global_step") instanceof Number steps && steps.intValue() == STEPS_OF_BASE
			&& SingleFile.is(file) && new SingleFile(file, Optional.of(Family.SD1)).family() == Family.SD2;
	}

	/** The config of a scheduler with what the file says in it. */
	Config in(final Config scheduler) {
		final JsonObject json = scheduler.json().deepCopy();
		prediction.ifPresent(type -> json.addProperty("prediction_type", type));
		if (zeroSnr) json.addProperty("rescale_betas_zero_snr", true);
		return new Config(scheduler.source(), json);
	}
}
