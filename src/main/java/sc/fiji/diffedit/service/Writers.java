package sc.fiji.diffedit.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.hub.Whole;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.Captioner;
import sc.fiji.diffedit.text.PromptGenerator;
import sc.fiji.diffedit.text.SuggestionRequest;
import sc.fiji.diffedit.weights.ModelFolder;

/** Provides the captioners and prompt generators of a {@link ModelStore}: loaded at first use, then borrowed for one task at a time. */
final class Writers {

	private static final Logger LOG = LoggerFactory.getLogger(Writers.class);

	private final LoadedModels models;
	private final DeviceThreads threads;
	private final Loans loans;

	Writers(final LoadedModels models, final DeviceThreads threads, final Loans loans) {
		this.models = models;
		this.threads = threads;
		this.loans = loans;
	}

	/** Opens one kind of text-generating model. */
	@FunctionalInterface
	private interface Opening<W> {

		W open(Path folder, DType dtype, Device device);
	}

	/** @param progress receives the number of tokens generated so far */
	String caption(final LoadOptions options, final Picture picture, final CaptionRequest request, final IntConsumer progress) {
		return written(Captioner.class, options, Captioner::open, WriterMemory.of(options, request),
			(captioner, listener) -> captioner.caption(picture, request, listener), progress);
	}

	/** @param progress receives the number of tokens generated so far */
	List<String> suggest(final LoadOptions options, final SuggestionRequest request, final IntConsumer progress) {
		return written(PromptGenerator.class, options, PromptGenerator::open, WriterMemory.of(options, request),
			(generator, listener) -> generator.suggest(request, listener), progress);
	}

	@SuppressWarnings("unchecked") // the key names the kind of writer
	private <W extends AutoCloseable, T> T written(final Class<W> kind, final LoadOptions options, final Opening<W> opening, final MemoryEstimate needs,
		final LoadedWriter.Task<W, T> task, final IntConsumer progress)
	{
		final LoadedWriter<W> writer = loans.borrow(new ModelKey(kind, options), LoadedWriter.class, wanted -> load(wanted, opening));
		try {
			writer.check(needs, () -> models.evictFor(writer), LOG::info);
			return writer.call(task, progress);
		}
		catch (final ChangedFiles e) {
			models.retire((known, loaded) -> loaded == writer);
			throw e;
		}
		finally {
			loans.release(writer);
		}
	}

	private <W extends AutoCloseable> LoadedWriter<W> load(final LoadOptions options, final Opening<W> opening) {
		final Device device = DeviceThreads.device(options);
		final DeviceExecutor executor = threads.of(device);
		final Path folder = folder(options);
		requireWhole(folder);
		final W writer = executor.call(() -> opening.open(folder, options.dtype(), device), Run.currentOr(options.model()));
		return new LoadedWriter<>(options.model(), writer, FileStamps.of(List.of(folder), true), executor);
	}

	private static void requireWhole(final Path folder) {
		try (ModelFolder files = ModelFolder.open(folder)) {
			files.weights(ModelFolder.WHOLE);
			Whole.requireNamed(files.weightFiles());
		}
	}

	/** Where a captioner or generator is: the path that is written, or a repository in a cache of the hub, as {@code org/name}. */
	static Path folder(final LoadOptions options) {
		final Path written = UserPath.of(options.model());
		return Files.exists(written) ? written : ModelPlaces.ofSettings().inCaches(options.model()).orElse(written);
	}

	/** The memory of {@link #caption}, without weights that are in memory already. */
	MemoryEstimate expected(final LoadOptions captioner, final CaptionRequest request) {
		return withoutWeights(new ModelKey(Captioner.class, captioner), WriterMemory.of(captioner, request));
	}

	/** The memory of {@link #suggest}, without weights that are in memory already. */
	MemoryEstimate expected(final LoadOptions generator, final SuggestionRequest request) {
		return withoutWeights(new ModelKey(PromptGenerator.class, generator), WriterMemory.of(generator, request));
	}

	private MemoryEstimate withoutWeights(final ModelKey key, final MemoryEstimate estimate) {
		return models.lookup(key).orElse(null) instanceof LoadedWriter<?> writer ? writer.now(estimate) : estimate;
	}
}
