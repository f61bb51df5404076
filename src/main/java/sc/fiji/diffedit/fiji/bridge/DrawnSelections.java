package sc.fiji.diffedit.fiji.bridge;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.regex.Pattern;

import org.scijava.module.Module;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.plugin.frame.Recorder;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.record.RecordedCall;

/**
 * The selections that calls work on. ImageJ's recorder writes down rectangles and ovals exactly; of one to which something was added with
 * Shift it writes the last part alone, and of what a brush drew a circle. A call says those itself, pixel by pixel. What an earlier recorded
 * call has left selected is made again by that call.
 */
final class DrawnSelections {

	private static final String[] CHOICES = { "workOn", "maskFrom" };
	private static final Pattern SELECTS = Pattern.compile("\\b(make[A-Z]|setRoi|doWand)");

	/** What a call has left on an image, and the recorder that has written it down; {@code null} for none. */
	private record Left(Optional<String> selection, Recorder recorder) {}

	private final Map<ImagePlus, Left> left = new WeakHashMap<>();

	/** Makes a call say the selection that it works on, where nothing else that is recorded would make it again. */
	synchronized void carry(final Module module) {
		final ImagePlus image = image(module);
		if (image == null || module.getInfo().getInput(RecordedCall.SELECTION) == null || !isUsed(module) || isWritten(image.getRoi())) return;
		final Optional<String> text = text(image);
		final Left before = left.get(image);
		if (before != null && before.selection().equals(text) && before.recorder() == recorder()) return;
		text.ifPresent(selection -> module.setInput(RecordedCall.SELECTION, selection));
	}

	/** Remembers what a recorded call leaves selected. */
	synchronized void leave(final Module module) {
		final ImagePlus image = image(module);
		if (image != null) left.put(image, new Left(text(image), recorder()));
	}

	private static ImagePlus image(final Module module) {
		return module.getInfo().getInput("image") != null && module.getInput("image") instanceof ImagePlus image ? image : null;
	}

	private static boolean isUsed(final Module module) {
		return Arrays.stream(CHOICES).anyMatch(choice -> module.getInfo().getInput(choice) != null && "Selection".equals(module.getInput(choice)));
	}

	private static Recorder recorder() {
		return IJ.recording() ? Recorder.getInstance() : null;
	}

	/** Empty for what is no area, or too complicated. */
	private static Optional<String> text(final ImagePlus image) {
		if (image.getRoi() == null || !image.getRoi().isArea()) return Optional.empty();
		try {
			return MaskText.of(Masks.of(image.getRoi(), image.getWidth(), image.getHeight()));
		}
		catch (final DiffEditException e) {
			return Optional.empty();                                        // outside of the image; the run will say so
		}
	}

	/** Whether ImageJ's recorder ends with exactly this rectangle or oval; without a recorder, whether it would. */
	private static boolean isWritten(final Roi roi) {
		final boolean isSimple = roi != null && (roi.getClass() == Roi.class && roi.getCornerDiameter() == 0 || roi.getClass() == OvalRoi.class) && !roi.subPixelResolution();
		if (!isSimple || recorder() == null) return isSimple;
		final String last = Objects.requireNonNullElse(recorder().getText(), "").lines().filter(line -> SELECTS.matcher(line).find()).reduce("", (one, next) -> next);
		final var bounds = roi.getBounds();
		return last.replace(" ", "").contains("(" + bounds.x + "," + bounds.y + "," + bounds.width + "," + bounds.height + ")");
	}
}
