package sc.fiji.diffedit.fiji;

import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * A mask that a user has drawn, as a text that fits into a result's info: {@code 512x512:} and its deflated bits in base 64, row by
 * row. An outline takes some hundred characters.
 */
public final class MaskText {

	private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})x([1-9][0-9]{0,5}):([A-Za-z0-9+/]*={0,2})");
	/** Longer ones, of scattered pixels in huge images, are left out of infos. */
	private static final int LONGEST = 1 << 20;
	private static final int MOST_PIXELS = 1 << 30;
	private static final int BUFFER = 1 << 16;

	private MaskText() {}

	/** The pixels that are inside; empty for a mask too complicated to be written. */
	public static Optional<String> of(final Mask mask) {
		final String bits = Base64.getEncoder().encodeToString(deflated(MaskBits.of(mask).pixels().toByteArray()));
		return bits.length() > LONGEST ? Optional.empty() : Optional.of(mask.width() + "x" + mask.height() + ":" + bits);
	}

	/**
	 * The mask of such a text.
	 *
	 * @throws DiffEditException if it is something else
	 */
	public static Mask parse(final String text) {
		final Matcher form = FORM.matcher(text.substring(0, Math.min(text.length(), LONGEST + 32)));
		if (!form.matches()) throw damaged();
		final long pixels = Long.parseLong(form.group(1)) * Long.parseLong(form.group(2));
		if (pixels > MOST_PIXELS) throw damaged();
		final BitSet inside = BitSet.valueOf(inflated(decoded(form.group(3)), (int) ((pixels + 7) / 8)));
		if (inside.length() > pixels) throw damaged();
		return MaskBits.of(inside, Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))).mask();
	}

	private static byte[] decoded(final String bits) {
		try {
			return Base64.getDecoder().decode(bits);
		}
		catch (final IllegalArgumentException e) {
			throw damaged();
		}
	}

	private static byte[] deflated(final byte[] bytes) {
		final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
		try {
			deflater.setInput(bytes);
			deflater.finish();
			byte[] all = new byte[BUFFER];
			int length = 0;
			while (!deflater.finished()) {
				if (length == all.length) all = Arrays.copyOf(all, 2 * length);
				length += deflater.deflate(all, length, all.length - length);
			}
			return Arrays.copyOf(all, length);
		}
		finally {
			deflater.end();
		}
	}

	/** @param most bytes that the mask has; a few bytes could stand for far more */
	private static byte[] inflated(final byte[] bytes, final int most) {
		final Inflater inflater = new Inflater();
		try {
			inflater.setInput(bytes);
			final byte[] all = new byte[most];
			int length = 0;
			while (length < most && !inflater.finished()) {
				final int more = inflater.inflate(all, length, most - length);
				if (more == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) throw damaged();
				length += more;
			}
			return Arrays.copyOf(all, length);
		}
		catch (final DataFormatException e) {
			throw damaged();
		}
		finally {
			inflater.end();
		}
	}

	private static DiffEditException damaged() {
		return new DiffEditException("The packed mask is damaged; choose the mask as an image, or draw it.");
	}
}
