package sc.fiji.diffedit.fiji.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.ImageLayer;

/** The edits among which a user chooses for an image, and the one that is shown over it. For the event thread. */
final class ShownEdits {

	private final List<Edit> edits = new ArrayList<>();
	private Optional<Edit> chosen = Optional.empty();
	private Optional<ImageLayer> layer = Optional.empty();
	private boolean visible = true;
	private double divider;
	private double opacity = 1;

	List<Edit> edits() {
		return List.copyOf(edits);
	}

	/** Begins anew without edits. */
	void clear() {
		close();
		edits.clear();
		chosen = Optional.empty();
	}

	void add(final Edit edit) {
		edits.add(edit);
	}

	Optional<Edit> chosen() {
		return chosen;
	}

	/** Shows one of the edits over its image. */
	void choose(final Edit edit) {
		chosen = Optional.of(edit);
		show();
	}

	boolean isVisible() {
		return visible;
	}

	/** Whether an edit lies over the image. */
	boolean isShown() {
		return layer.isPresent();
	}

	/** Whether the chosen edit is shown at all. */
	void setVisible(final boolean newVisible) {
		visible = newVisible;
		show();
	}

	double divider() {
		return divider;
	}

	/** @param newDivider in [0, 1], from the left: before it is the image, after it the edit */
	void setDivider(final double newDivider) {
		divider = newDivider;
		layer.ifPresent(shown -> shown.setDivider(newDivider));
	}

	double opacity() {
		return opacity;
	}

	/** @param newOpacity of the edit, in [0, 1] */
	void setOpacity(final double newOpacity) {
		opacity = newOpacity;
		layer.ifPresent(shown -> shown.setOpacity(newOpacity));
	}

	/** Why the chosen edit cannot be seen; empty if it can. */
	Optional<String> hidden() {
		return layer.flatMap(ImageLayer::hidden);
	}

	private void show() {
		final Optional<ImagePlus> image = chosen.filter(edit -> visible).flatMap(Edit::present);
		if (image.isEmpty()) close();
		else if (layer.isPresent()) layer.get().show(chosen.get());
		else layer = Optional.of(layer(image.get()));
	}

	private ImageLayer layer(final ImagePlus image) {
		final ImageLayer shown = new ImageLayer(image, chosen.get());
		shown.setDivider(divider);
		shown.setOpacity(opacity);
		return shown;
	}

	/** Takes the edit off its image. */
	void close() {
		layer.ifPresent(ImageLayer::close);
		layer = Optional.empty();
	}
}
