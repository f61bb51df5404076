package sc.fiji.diffedit.service;

import java.util.List;

import org.scijava.service.SciJavaService;

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

	/** What is in memory now. */
	List<LoadOptions> loaded();

	/** Frees a model; if it is on loan, as soon as it comes back. */
	void unload(String model);

	/** Frees all models. */
	void unloadAll();
}
