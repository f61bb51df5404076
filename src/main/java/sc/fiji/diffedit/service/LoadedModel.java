package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.tensor.Scope;

/** A diffusion model in memory. */
final class LoadedModel extends Loaded {

	private final DiffusionModel model;
	private final AdaptedModel adapted;
	private final ModelMemory memory;
	private final String hash;
	private final LoadOptions options;
	private final Optional<LoadedModel> base;
	/** Calls under way, one within the other; touched on the device's thread only. */
	private int depth;

	/**
	 * @param files as they were when the model was opened
	 * @param bytes of the weights of its own networks
	 * @param base whose parts this model shares
	 * @param resources networks and files, freed with the model
	 */
	LoadedModel(final LoadOptions options, final DiffusionModel model, final AdaptedModel adapted, final ModelMemory memory, final String hash,
		final FileStamps files, final long bytes, final Optional<LoadedModel> base, final DeviceExecutor executor, final AutoCloseable resources)
	{
		super(model.name(), files, bytes, executor, resources);
		this.options = options;
		this.model = model;
		this.adapted = adapted;
		this.memory = memory;
		this.hash = hash;
		this.base = base;
	}

	String hash() {
		return hash;
	}

	LoadOptions options() {
		return options;
	}

	DiffusionModel model() {
		return model;
	}

	/** Where its parts live. */
	ModelMemory memory() {
		return memory;
	}

	Optional<LoadedModel> base() {
		return base;
	}

	@Override
	Optional<Path> changedFile() {
		return super.changedFile().or(() -> base.flatMap(LoadedModel::changedFile));
	}

	<T> T call(final Adapters adapters, final Function<DiffusionModel, T> work, final Runnable onInterrupt) {
		return onItsThread(() -> {
			depth++;
			try (Scope scope = Scope.open()) {
				base.ifPresent(LoadedModel::plain);
				return work.apply(adapted.with(adapters, model));
			}
			finally {
				depth--;
				if (depth == 0) rest();
			}
		}, onInterrupt);
	}

	private void rest() {
		memory.rest();
		base.ifPresent(LoadedModel::rest);
	}

	/** Takes from the shared parts what another borrower has added to them; a borrower in whose call this is keeps it. */
	private void plain() {
		if (depth == 0) adapted.with(Adapters.NONE, model);
	}
}
