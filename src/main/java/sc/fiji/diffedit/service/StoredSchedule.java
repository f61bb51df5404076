package sc.fiji.diffedit.service;

import java.util.List;
import java.util.Optional;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.NoiseTable;

/** Compares the noise schedule that a model's file holds as a table with that of the scheduler's config, which is used. */
final class StoredSchedule {

	private static final String ZERO_SNR = "rescale_betas_zero_snr";

	private StoredSchedule() {}

	/** A sentence for the first table that differs; of a schedule that ends in noise alone, it may also be what that one was made of. */
	static Optional<String> sentence(final ModelFolder folder, final Config scheduler) {
		final float[] used = alphasCumprod(scheduler);
		final List<NoiseTable> differing = NoiseTable.of(folder).stream().filter(table -> table.difference(used).isPresent()).toList();
		if (differing.isEmpty()) return Optional.empty();
		final float[] before = alphasCumprod(withoutZeroSnr(scheduler));
		return differing.stream().filter(table -> table.difference(before).isPresent()).findFirst().map(table -> table.source() + " has a noise schedule '" + table.name() + "' that is not used: it "
			+ table.difference(used).orElseThrow() + "; results may differ from other programs'. To follow the file, name a scheduler with its betas (trained_betas in scheduler_config.json).");
	}

	private static float[] alphasCumprod(final Config scheduler) {
		return Scheduler.of(scheduler).config().alphasCumprod();
	}

	private static Config withoutZeroSnr(final Config scheduler) {
		final JsonObject json = scheduler.json().deepCopy();
		json.remove(ZERO_SNR);
		return new Config(scheduler.source(), json);
	}
}
