package sc.fiji.diffedit.fiji.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * The masks and edits of a session, the newest first. The oldest are dropped when there are too many, or when together they take too
 * much memory; the newest always stays. To be used on one thread.
 */
public final class History {

	/** As many as one looks through. */
	static final int MOST_ENTRIES = 30;
	/** Bytes; an edit of an RGB image of 1024 x 1024 pixels takes 8 MB. */
	static final long MOST_BYTES = 256L << 20;

	private final List<HistoryEntry> entries = new ArrayList<>();
	private int dropped;

	/** Adds what has just been made, and drops what is too old. */
	public void add(final HistoryEntry entry) {
		entries.add(0, entry);
		while (entries.size() > MOST_ENTRIES || entries.size() > 1 && bytes() > MOST_BYTES) {
			entries.remove(entries.size() - 1);
			dropped++;
		}
	}

	/** The newest first. */
	public List<HistoryEntry> entries() {
		return List.copyOf(entries);
	}

	/** A sentence about what was dropped; empty for nothing. */
	public String notice() {
		if (dropped == 0) return "";
		return (dropped == 1 ? "The oldest entry was" : "The " + dropped + " oldest entries were") + " dropped: the history keeps " + MOST_ENTRIES + " entries or "
			+ (MOST_BYTES >> 20) + " MB. What you want to keep, keep as an image.";
	}

	private long bytes() {
		return entries.stream().mapToLong(HistoryEntry::bytes).sum();
	}
}
