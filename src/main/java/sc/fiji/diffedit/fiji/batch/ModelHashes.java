package sc.fiji.diffedit.fiji.batch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import sc.fiji.diffedit.service.DiffusionModelService;

/** Hashes of models and of files of weights, computed once in a batch. */
final class ModelHashes {

	private final DiffusionModelService models;
	private final Map<String, String> known = new ConcurrentHashMap<>();

	ModelHashes(final DiffusionModelService models) {
		this.models = models;
	}

	/**
	 * The hash of a model or file.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if it is not there
	 */
	String of(final String model) {
		return known.computeIfAbsent(model, models::hash);
	}
}
