package sc.fiji.diffedit.service;

import java.util.List;

import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

/** The {@link DiffusionModelService} of a SciJava context, over a {@link ModelStore}. */
@Plugin(type = Service.class)
public class DefaultDiffusionModelService extends AbstractService implements DiffusionModelService {

	private final ModelStore store = new ModelStore();

	@Override
	public ModelLease borrow(final LoadOptions options) {
		return store.borrow(options);
	}

	@Override
	public List<LoadOptions> loaded() {
		return store.loaded();
	}

	@Override
	public void unload(final String model) {
		store.unload(model);
	}

	@Override
	public void unloadAll() {
		store.unloadAll();
	}

	@Override
	public void dispose() {
		store.close();
	}
}
