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
 * The models of this Fiji: opens each once, lends it, and frees it on request and when Fiji closes. In scripts:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * lease = models.borrow("demo")
 * }</pre>
 */
public interface DiffusionModelService extends SciJavaService {

	/**
	 * Lends a model in 32-bit floats on the device that the machine suggests, loading it if need be.
	 *
	 * @param model {@code demo} or the path of a diffusers folder
	 * @return to be closed by the caller
	 * @throws sc.fiji.diffedit.DiffEditException if there is no such model, or it is damaged or of an unsupported kind
	 */
	default ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Lends a model in the wanted type on the wanted device. */
	ModelLease borrow(LoadOptions options);

	/**
	 * What runs with a model are expected to take, estimated without loading it: in scripts
	 * {@code models.expected(LoadOptions.of("demo")).textToImage(TextToImageRequest.of("a lion"))}.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException as {@link #borrow}
	 */
	ExpectedMemory expected(LoadOptions options);

	/**
	 * Describes a picture with a BLIP captioning model, which is kept in memory like any other.
	 *
	 * @param captioner the model's folder, type and device
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @throws sc.fiji.diffedit.DiffEditException if the folder holds no such model
	 */
	String caption(LoadOptions captioner, Picture picture, CaptionRequest request, IntConsumer progress);

	/**
	 * Suggests prompts with a T5 model, which is kept in memory like any other.
	 *
	 * @param generator the model's folder, type and device
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @throws sc.fiji.diffedit.DiffEditException if the folder holds no such model
	 */
	List<String> suggest(LoadOptions generator, SuggestionRequest request, IntConsumer progress);

	/** What {@link #caption} is expected to take, estimated without loading the model. */
	MemoryEstimate expected(LoadOptions captioner, CaptionRequest request);

	/** What {@link #suggest} is expected to take, estimated without loading the model. */
	MemoryEstimate expected(LoadOptions generator, SuggestionRequest request);

	/** What is in memory now. */
	List<LoadOptions> loaded();

	/** What is in memory now, with sizes and who uses it; used last stands last. */
	List<ModelInMemory> inMemory();

	/** Frees a model; if it is on loan, as soon as it comes back. */
	void unload(String model);

	/** Frees all models. */
	void unloadAll();

	/** Frees the models that nobody holds and has held for this long. */
	void unloadIdle(Duration atLeast);

	/** After which time an idle model is unloaded; zero for never, half an hour at first. */
	void setIdleTime(Duration time);

	/** How many bytes the weights of all models on a device may take; idle models give room to new ones. At first 70 % of its memory. */
	void setLimit(long bytes);

	/** What the models have answered, kept for the next time. */
	ResultStore results();
}
