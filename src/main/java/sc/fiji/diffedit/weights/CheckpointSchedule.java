package sc.fiji.diffedit.weights;

import java.util.Optional;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;

/**
 * The noise schedule of a checkpoint in one file, and what its network predicts. What the file says counts first (markers, metadata,
 * the number of its training steps), then the {@code .yaml} beside it, then a companion folder, then the habit of its family, which
 * is a guess where the family has two.
 *
 * @param config {@code scheduler_config.json}
 * @param guess a sentence for the user if what the network predicts was guessed
 */
record CheckpointSchedule(Config config, Optional<String> guess) {

	private static final String V = FileMarkers.V, EPSILON = FileMarkers.EPSILON;

	/**
	 * @param said what the user says that the network predicts
	 * @param companion the scheduler's config of a companion folder
	 */
	static CheckpointSchedule of(final Optional<String> said, final SingleFile file, final WeightsFile stored, final Optional<CheckpointYaml> yaml, final Optional<Config> companion,
		final SingleFileConfigs configs)
	{
		final JsonObject json = companion.map(Config::json).map(JsonObject::deepCopy).orElseGet(configs::scheduler);
		yaml.flatMap(CheckpointYaml::betaStart).ifPresent(beta -> json.addProperty("beta_start", beta));
		yaml.flatMap(CheckpointYaml::betaEnd).ifPresent(beta -> json.addProperty("beta_end", beta));
		yaml.flatMap(CheckpointYaml::timesteps).ifPresent(steps -> json.addProperty("num_train_timesteps", steps));
		final FileMarkers markers = FileMarkers.of(stored);
		final Optional<String> known = said.or(markers::prediction).or(() -> yaml.flatMap(CheckpointYaml::predictionType)).or(() -> ofInpainting(file, configs));
		if (known.isPresent()) json.addProperty("prediction_type", known.get());
		else if (companion.isEmpty()) json.addProperty("prediction_type", habit(file));
		if (markers.zeroSnr()) json.addProperty("rescale_betas_zero_snr", true);
		final boolean guessed = known.isEmpty() && companion.isEmpty() && file.family() == Family.SD2;
		return new CheckpointSchedule(new Config(file.source() + ":scheduler", json), guessed ? Optional.of(guess(stored, habit(file))) : Optional.empty());
	}

	/** All inpainting models of Stable Diffusion 2 predict noise, though most others of the family do not. */
	private static Optional<String> ofInpainting(final SingleFile file, final SingleFileConfigs configs) {
		return file.family() == Family.SD2 && configs.inChannels() == 9 ? Optional.of(EPSILON) : Optional.empty();
	}

	private static String habit(final SingleFile file) {
		return file.family() == Family.SD2 && !file.isSgm() ? V : EPSILON;
	}

	private static String guess(final WeightsFile stored, final String habit) {
		final boolean velocity = habit.equals(V);
		final String name = stored.path().getFileName().toString();
		return name + " does not say what it predicts, and models of Stable Diffusion 2 differ in it; " + (velocity ? "velocity (v_prediction) as in 2.1" : "noise (epsilon) as in SD Turbo")
			+ " was assumed. If its images are only noise, write predictionType: " + (velocity ? EPSILON : V) + " into the further options, or the line \"parameterization: " + (velocity ? "eps" : "v") + "\" into a file "
			+ Neighbours.of(stored.path()).stem() + ".yaml beside it.";
	}
}
