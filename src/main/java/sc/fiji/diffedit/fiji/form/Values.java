package sc.fiji.diffedit.fiji.form;

import java.io.File;
import java.math.BigDecimal;

import org.scijava.convert.ConvertService;
import org.scijava.module.ModuleItem;
import org.scijava.util.Types;

import sc.fiji.diffedit.DiffEditException;

/** Texts of forms and macros as values of an input; images are for the caller to find. */
public final class Values {

	private final ConvertService convert;

	public Values(final ConvertService convert) {
		this.convert = convert;
	}

	/**
	 * The value that a text stands for.
	 *
	 * @throws DiffEditException if the input cannot take it; the sentence names the input and what it wants
	 */
	public Object of(final ModuleItem<?> input, final String text) {
		final Class<?> type = Types.box(input.getType());
		if (type == File.class) return text.isEmpty() ? null : new File(text);
		if (type == Boolean.class) return truth(input, text);
		if (Number.class.isAssignableFrom(type)) return within(input, number(input, text.trim()));
		final Object value = convert.convert(text, type);
		if (value == null) throw new DiffEditException(Labels.named(input) + " cannot be '" + text + "'.");
		return value;
	}

	private static Boolean truth(final ModuleItem<?> input, final String text) {
		if (text.equals("true") || text.equals("1")) return true;
		if (text.equals("false") || text.equals("0")) return false;
		throw new DiffEditException(Labels.named(input) + " is '" + text + "'; write true or false.");
	}

	private Object number(final ModuleItem<?> input, final String text) {
		final Class<?> type = Types.box(input.getType());
		try {
			if (type == Double.class || type == Float.class) return convert.convert(Double.parseDouble(text), type);
			final BigDecimal exact = new BigDecimal(text);
			return convert.convert(type == Integer.class ? (Number) exact.intValueExact() : exact.longValueExact(), type);
		}
		catch (final NumberFormatException | ArithmeticException e) {
			final String wanted = type == Double.class || type == Float.class ? "a number" : "a whole number";
			throw new DiffEditException(Labels.named(input) + " is '" + text + "'; write " + wanted + ".", e);
		}
	}

	private static Object within(final ModuleItem<?> input, final Object value) {
		final double number = ((Number) value).doubleValue();
		if (Double.isNaN(number) || number < bound(input.getMinimumValue(), Double.NEGATIVE_INFINITY)
			|| number > bound(input.getMaximumValue(), Double.POSITIVE_INFINITY)) {
			throw new DiffEditException(Labels.named(input) + " is " + value + "; it must be " + range(input) + ".");
		}
		return value;
	}

	private static double bound(final Object bound, final double otherwise) {
		return bound instanceof Number number ? number.doubleValue() : otherwise;
	}

	/** Such as {@code 1 to 1000}; empty when there are no bounds. */
	public static String range(final ModuleItem<?> input) {
		final Object least = input.getMinimumValue();
		final Object most = input.getMaximumValue();
		if (least == null && most == null) return "";
		if (most == null) return least + " or more";
		return least == null ? most + " or less" : least + " to " + most;
	}
}
