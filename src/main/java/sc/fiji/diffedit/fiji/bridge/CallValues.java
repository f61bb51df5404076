package sc.fiji.diffedit.fiji.bridge;

import java.util.function.Predicate;

import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.PresetValues;
import sc.fiji.diffedit.fiji.form.Values;

/** Converts texts from macros to values of an input. */
final class CallValues {

	private final ConvertService convert;
	private final Values values;
	private final Call call;

	CallValues(final ConvertService convert, final Call call) {
		this.convert = convert;
		values = new Values(convert);
		this.call = call;
	}

	/** Sets what the command's preset says, except inputs that were given. */
	void preset(final Module module, final Predicate<String> given) {
		PresetValues.apply(module, convert, given);
	}

	/**
	 * The value that a text represents.
	 *
	 * @throws DiffEditException if the input does not accept it; the message names the input and the accepted values
	 */
	Object of(final ModuleItem<?> input, final String text) {
		return input.getType() == ImagePlus.class ? image(input, text) : values.of(input, text);
	}

	/** Finds an image by title or ID. The caller's current image need not be in ImageJ's list. */
	private ImagePlus image(final ModuleItem<?> input, final String title) {
		final ImagePlus own = call.image();
		if (own != null && own.getTitle().equals(title)) return own;
		final ImagePlus image = title.matches("-[0-9]{1,9}") ? WindowManager.getImage(Integer.parseInt(title)) : WindowManager.getImage(title);
		if (image != null) return image;
		throw new DiffEditException(Labels.named(input) + " asks for the image '" + title + "', which is not open; open it first.");
	}
}
