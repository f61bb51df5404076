package sc.fiji.diffedit.fiji.bridge;

import org.scijava.convert.ConvertService;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Values;

/** Texts of macros as values of an input, and back. */
final class CallValues {

	private final Values values;
	private final Call call;

	CallValues(final ConvertService convert, final Call call) {
		values = new Values(convert);
		this.call = call;
	}

	/**
	 * The value that a text stands for.
	 *
	 * @throws DiffEditException if the input cannot take it; the sentence names the input and what it wants
	 */
	Object of(final ModuleItem<?> input, final String text) {
		return input.getType() == ImagePlus.class ? image(input, text) : values.of(input, text);
	}

	/** How Fiji's recorder writes a value. */
	static String text(final Object value) {
		return value instanceof ImagePlus image ? image.getTitle() : value.toString();
	}

	/** By title or number. The caller's own image may be in no list. */
	private ImagePlus image(final ModuleItem<?> input, final String title) {
		final ImagePlus own = call.image();
		if (own != null && own.getTitle().equals(title)) return own;
		final ImagePlus image = title.matches("-[0-9]{1,9}") ? WindowManager.getImage(Integer.parseInt(title)) : WindowManager.getImage(title);
		if (image != null) return image;
		throw new DiffEditException(Labels.named(input) + " asks for the image '" + title + "', which is not open; open it first.");
	}
}
