package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.Service;

import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/** The {@link DiffusionModelService} of a SciJava context, over a {@link ModelStore}. */
@Plugin(type = Service.class)
public class DefaultDiffusionModelService extends AbstractService implements DiffusionModelService {

	private final ModelStore store = new ModelStore();

	@Override
	public ModelLease borrow(final LoadOptions options) {
		return store.borrow(options);
	}

	@Override
	public ExpectedMemory expected(final LoadOptions options) {
		return store.expected(options);
	}

	@Override
	public String caption(final LoadOptions captioner, final Picture picture, final CaptionRequest request, final IntConsumer progress) {
		return store.caption(captioner, picture, request, progress);
	}

	@Override
	public List<String> suggest(final LoadOptions generator, final SuggestionRequest request, final IntConsumer progress) {
		return store.suggest(generator, request, progress);
	}

	@Override
	public MemoryEstimate expected(final LoadOptions captioner, final CaptionRequest request) {
		return store.expected(captioner, request);
	}

	@Override
	public MemoryEstimate expected(final LoadOptions generator, final SuggestionRequest request) {
		return store.expected(generator, request);
	}

	@Override
	public List<LoadOptions> loaded() {
		return store.loaded();
	}

	@Override
	public List<ModelInMemory> inMemory() {
		return store.inMemory();
	}

	@Override
	public void unloadIdle(final Duration atLeast) {
		store.unloadIdle(atLeast);
	}

	@Override
	public void useSettings() {
		store.useSettings();
	}

	@Override
	public void setIdleTime(final Duration time) {
		store.setIdleTime(time);
	}

	@Override
	public void setLimit(final long bytes) {
		store.setLimit(bytes);
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
	public ResultStore results() {
		return store.results();
	}

	@Override
	public void dispose() {
		store.close();
	}
}
