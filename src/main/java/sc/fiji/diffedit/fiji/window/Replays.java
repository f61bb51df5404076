package sc.fiji.diffedit.fiji.window;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.HistoryEntry;
import sc.fiji.diffedit.fiji.layer.Replay;
import sc.fiji.diffedit.tensor.Mask;

/** How entries of the history are made again. */
final class Replays {

	private Replays() {}

	/** The entry as what makes it again. */
	static Replay of(final HistoryEntry entry) {
		if (entry instanceof EditEntry made) {
			final Edit edit = made.edit();
			return of(edit.before().getTitle(), edit.isOfStack(), made.state(), Optional.of(edit.settings()));
		}
		final MaskEntry found = (MaskEntry) entry;
		return of(found.title(), found.isOfStack(), found.state(), Optional.empty());
	}

	private static Replay of(final String title, final boolean isOfStack, final MaskState state, final Optional<Map<String, Object>> edit) {
		return new Replay(title, isOfStack ? Optional.of(state.position()) : Optional.empty(), state.map().map(map -> found(state, map)), state.mask(), edit);
	}

	private static Replay.Found found(final MaskState state, final LocatedMap map) {
		final Map<String, Object> settings = new LinkedHashMap<>(state.answers());
		settings.values().removeIf(value -> value == null);
		settings.putAll(state.settings().values());
		final Optional<Mask> within = map.limits().map(limits -> Masks.placed(limits, map.region(), map.width(), map.height()));
		return new Replay.Found(settings, state.settings().of(map), within);
	}
}
