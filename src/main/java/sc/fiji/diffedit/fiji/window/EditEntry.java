package sc.fiji.diffedit.fiji.window;

import java.awt.image.BufferedImage;
import java.time.LocalTime;

import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.HistoryEntry;

/**
 * An edit in the history.
 *
 * @param edit what was made
 * @param state the mask that it was made in, with all that made it
 */
record EditEntry(Edit edit, MaskState state) implements HistoryEntry {

	@Override
	public String text() {
		return "Edit " + edit.text();
	}

	@Override
	public LocalTime time() {
		return edit.time();
	}

	@Override
	public BufferedImage thumbnail() {
		return edit.thumbnail();
	}

	@Override
	public long bytes() {
		return edit.bytes();
	}
}
