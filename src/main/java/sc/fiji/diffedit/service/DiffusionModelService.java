package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

import org.scijava.service.SciJavaService;

import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * Loads each model once, shares it among borrowers, and frees it on request and when Fiji closes. In scripts:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * lease = models.borrow("demo")
 * }</pre>
 */
public interface DiffusionModelService extends SciJavaService {

	/**
	 * Borrows a model in float32 on the default device, loading it if necessary.
	 *
	 * @param model {@code demo} or the path of a diffusers folder
	 * @return to be closed by the caller
	 * @throws sc.fiji.diffedit.DiffEditException if there is no such model, or it is damaged or of an unsupported kind
	 */
	default ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Borrows a model with the given type and device. */
	ModelLease borrow(LoadOptions options);

	/**
	 * The expected memory of runs with a model, estimated without loading it: in scripts
	 * {@code models.expected(LoadOptions.of("demo")).textToImage(TextToImageRequest.of("a lion"))}.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException as {@link #borrow}
	 */
	ExpectedMemory expected(LoadOptions options);

	/**
	 * Describes a picture with a BLIP captioning model, which stays in memory like other models.
	 *
	 * @param captioner the model's folder, type and device
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @throws sc.fiji.diffedit.DiffEditException if the folder holds no such model
	 */
	String caption(LoadOptions captioner, Picture picture, CaptionRequest request, IntConsumer progress);

	/**
	 * Suggests prompts with a T5 model, which stays in memory like other models.
	 *
	 * @param generator the model's folder, type and device
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @throws sc.fiji.diffedit.DiffEditException if the folder holds no such model
	 */
	List<String> suggest(LoadOptions generator, SuggestionRequest request, IntConsumer progress);

	/** The expected memory of {@link #caption}, estimated without loading the model. */
	MemoryEstimate expected(LoadOptions captioner, CaptionRequest request);

	/** The expected memory of {@link #suggest}, estimated without loading the model. */
	MemoryEstimate expected(LoadOptions generator, SuggestionRequest request);

	/**
	 * The hash by which results name a model, computed from its files without loading it.
	 *
	 * @param model name or path
	 * @return 64 hexadecimal digits
	 * @throws sc.fiji.diffedit.DiffEditException if there is no such model
	 */
	default String hash(final String model) {
		return Fingerprint.of(OpenModel.root(model));
	}

	/** The models in memory. */
	List<LoadOptions> loaded();

	/** The models in memory, with sizes and number of users, the most recently used last. */
	List<ModelInMemory> inMemory();

	/** Frees a model; if it is borrowed, as soon as its last lease is closed. */
	void unload(String model);

	/** Frees all models. */
	void unloadAll();

	/** Frees the models that have not been borrowed for this long. */
	void unloadIdle(Duration atLeast);

	/** Takes over what the user has set by now in {@code Edit > Options > DiffEdit...} for idle models, memory and results. */
	void useSettings();

	/** Sets the time after which an idle model is unloaded, in this session; zero for never. The default is in the user's settings. */
	void setIdleTime(Duration time);

	/**
	 * Sets how many bytes the weights of all models on a device may take; idle models are unloaded for new ones. In this
	 * session; the default is in the user's settings, or 70 % of the device's memory.
	 */
	void setLimit(long bytes);

	/** The cache of the models' results. */
	ResultStore results();
}
