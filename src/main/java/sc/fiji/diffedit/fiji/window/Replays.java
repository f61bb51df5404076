package sc.fiji.diffedit.fiji.window;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
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
			return of(edit.before().getTitle(), edit.isOfStack(), made.state(), edit.mask(), Optional.of(edit.settings()));
		}
		final MaskEntry found = (MaskEntry) entry;
		return of(found.title(), found.isOfStack(), found.state(), found.state().mask(), Optional.empty());
	}

	/** How the entry was made, for a file from which it can be made again. */
	static Provenance made(final HistoryEntry entry) {
		return entry instanceof EditEntry edited ? edited.edit().made() : ((MaskEntry) entry).state().made();
	}

	/** A name for that file: the image's, without its ending and what file systems do not take. */
	static String fileName(final HistoryEntry entry) {
		final boolean isEdit = entry instanceof EditEntry;
		final String title = entry instanceof EditEntry edited ? edited.edit().before().getTitle() : ((MaskEntry) entry).title();
		return title.replaceFirst("\\.\\w+$", "").replaceAll("[^\\w .-]", "_") + (isEdit ? " - edit.json" : " - mask.json");
	}

	private static Replay of(final String title, final boolean isOfStack, final MaskState state, final Mask mask, final Optional<Map<String, Object>> edit) {
		return new Replay(title, isOfStack ? Optional.of(state.position()) : Optional.empty(), state.map().map(map -> found(state, map)), mask, edit);
	}

	private static Replay.Found found(final MaskState state, final LocatedMap map) {
		final Map<String, Object> settings = new LinkedHashMap<>(state.answers());
		settings.values().removeIf(value -> value == null);
		settings.putAll(state.settings().values());
		final Optional<Mask> within = map.limits().map(limits -> Masks.placed(limits, map.region(), map.width(), map.height()));
		return new Replay.Found(settings, state.smoothed().map(state.settings()::cutFrom).orElseThrow().mask(), within);
	}
}
