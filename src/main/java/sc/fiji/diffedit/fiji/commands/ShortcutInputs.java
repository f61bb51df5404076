package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.GuidanceInterval;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.TextToImageRequest;

/** What steps may leave out to save time. */
final class ShortcutInputs extends CacheInputs {

	private static final String START = "guidanceStart", STOP = "guidanceStop";

	@Parameter(label = "Weight counts from", min = "0", max = "1", stepSize = "0.05", persist = false, attrs = @Attr(name = HINT, value = "part of the steps"),
		description = "Part of the steps, 0 to 1, before which the weight of the words does not count. Such steps compute half as much, and the words count less.", callback = MemoryLine.CHANGED)
	private double guidanceStart = GuidanceInterval.ALL.start();
	@Parameter(label = "Weight counts until", min = "0", max = "1", stepSize = "0.05", persist = false, attrs = @Attr(name = HINT, value = "part of the steps"),
		description = "Part of the steps, 0 to 1, after which the weight of the words does not count. Such steps compute half as much, and the words count less.", callback = MemoryLine.CHANGED)
	private double guidanceStop = GuidanceInterval.ALL.stop();

	@Override
	protected void check() {
		super.check();
		interval();
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals(STOP) ? failure(this::interval) : Optional.empty();
	}

	private GuidanceInterval interval() {
		return new GuidanceInterval(guidanceStart, guidanceStop);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with(START, guidanceStart).with(STOP, guidanceStop);
	}

	// -- requests with these answers in them --

	EditRequest on(final EditRequest request) {
		return request.withGuidanceInterval(interval()).withDeepCache(cache());
	}

	TextToImageRequest on(final TextToImageRequest request) {
		return request.withGuidanceInterval(interval()).withDeepCache(cache());
	}

	ImageToImageRequest on(final ImageToImageRequest request) {
		return request.withGuidanceInterval(interval()).withDeepCache(cache());
	}

	InpaintRequest on(final InpaintRequest request) {
		return request.withGuidanceInterval(interval()).withDeepCache(cache());
	}
}
