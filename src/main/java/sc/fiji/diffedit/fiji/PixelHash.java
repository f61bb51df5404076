package sc.fiji.diffedit.fiji;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;

import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

import ij.ImagePlus;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ObjectLabels;
import sc.fiji.diffedit.tensor.Picture;

/** Short names for the pixels of an image, which tell whether another one is the same to the last bit. */
public final class PixelHash {

	private static final int DIGITS = 16;
	private static final int PIECE = 1 << 14;

	private PixelHash() {}

	/** Of one plane in all of its channels: size, type and pixels, whatever the display shows. */
	public static String of(final ImagePlus image, final int slice, final int frame) {
		final MessageDigest digest = DigestUtils.getSha256Digest();
		for (int c = 1; c <= image.getNChannels(); c++) {
			final ImageProcessor plane = image.getStack().getProcessor(image.getStackIndex(c, slice, frame));
			digest.update(ByteBuffer.allocate(3 * Integer.BYTES).putInt(plane.getWidth()).putInt(plane.getHeight()).putInt(plane.getBitDepth()).array());
			update(digest, plane.getPixels());
		}
		return text(digest);
	}

	/** Of what the model sees: it depends on the display too, where colours and ranges are taken from it. */
	public static String of(final Picture picture) {
		final MessageDigest digest = DigestUtils.getSha256Digest();
		digest.update(ByteBuffer.allocate(3 * Integer.BYTES).putInt(picture.width()).putInt(picture.height()).putInt(picture.channels()).array());
		update(digest, picture.values());
		return text(digest);
	}

	/** Of objects: two sets of the same outlines have the same hash, whatever their numbers. */
	public static String of(final ObjectLabels objects) {
		final MessageDigest digest = DigestUtils.getSha256Digest();
		digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(objects.width()).putInt(objects.height()).array());
		update(digest, objects.labels());
		return text(digest);
	}

	/** One for those of several planes. */
	public static String ofAll(final List<String> hashes) {
		return hashes.size() == 1 ? hashes.get(0) : DigestUtils.sha256Hex(String.join("", hashes)).substring(0, DIGITS);
	}

	/** The digest takes the pixels in pieces: a copy of them would be as large as the image. */
	private static void update(final MessageDigest digest, final Object pixels) {
		if (pixels instanceof byte[] bytes) digest.update(bytes);
		else if (pixels instanceof short[] shorts) inPieces(digest, shorts.length, Short.BYTES, (piece, from, count) -> piece.asShortBuffer().put(shorts, from, count));
		else if (pixels instanceof int[] ints) inPieces(digest, ints.length, Integer.BYTES, (piece, from, count) -> piece.asIntBuffer().put(ints, from, count));
		else if (pixels instanceof float[] floats) inPieces(digest, floats.length, Float.BYTES, (piece, from, count) -> piece.asFloatBuffer().put(floats, from, count));
		else throw new DiffEditException("The image has pixels of an unknown kind; convert it to 8, 16 or 32 bits or RGB first.");
	}

	/** Puts some pixels into the beginning of a buffer. */
	@FunctionalInterface
	private interface Filler {

		void fill(ByteBuffer piece, int from, int count);
	}

	private static void inPieces(final MessageDigest digest, final int length, final int bytesPerPixel, final Filler filler) {
		final ByteBuffer piece = ByteBuffer.allocate(PIECE * bytesPerPixel);
		for (int from = 0; from < length; from += PIECE) {
			final int count = Math.min(PIECE, length - from);
			filler.fill(piece, from, count);
			digest.update(piece.array(), 0, count * bytesPerPixel);
		}
	}

	private static String text(final MessageDigest digest) {
		return Hex.encodeHexString(digest.digest()).substring(0, DIGITS);
	}
}
