package sc.fiji.diffedit.fiji.commands;

import java.awt.Rectangle;
import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.pipelines.ImageSize;

/** An image that is processed completely, or only within the selection. */
final class ImagePartInputs extends ImageInputs {

	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false, callback = MemoryLine.CHANGED)
	private String workOn = Workplace.WHOLE_IMAGE;

	/** @param help what happens to a selection */
	ImagePartInputs(final String help) {
		setHelp("workOn", help);
	}

	private boolean isSelection() {
		return Choices.same(workOn, Workplace.SELECTION);
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals("workOn") && isSelection() ? withoutSelection("Work on") : super.wrong(input);
	}

	@Override
	Workplace place(final Snapshot snapshot) {
		return Workplace.of(snapshot, workOn, intensity(), channels());
	}

	@Override
	ImageSize size() {
		final ImagePlus image = chosen();
		if (!isSelection() || selection() == null) return super.size();
		final Rectangle region = Masks.region(selection(), image.getWidth(), image.getHeight());
		return new ImageSize(region.height, region.width);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("workOn", workOn).with(Provenance.MASK, place().limits().map(place()::whole).flatMap(MaskText::of).orElse(null));
	}
}
