package sc.fiji.diffedit.fiji;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

import ij.ImagePlus;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Picture;

/** Short names for the pixels of an image, which tell whether another one is the same to the last bit. */
public final class PixelHash {

	private static final int DIGITS = 16;

	private PixelHash() {}

	/** Of one plane in all of its channels: size, type and pixels, whatever the display shows. */
	public static String of(final ImagePlus image, final int slice, final int frame) {
		final MessageDigest digest = DigestUtils.getSha256Digest();
		for (int c = 1; c <= image.getNChannels(); c++) {
			final ImageProcessor plane = image.getStack().getProcessor(image.getStackIndex(c, slice, frame));
			digest.update(ByteBuffer.allocate(3 * Integer.BYTES).putInt(plane.getWidth()).putInt(plane.getHeight()).putInt(plane.getBitDepth()).array());
			digest.update(bytes(plane.getPixels()));
		}
		return text(digest);
	}

	/** Of what the model sees: it depends on the display too, where colours and ranges are taken from it. */
	public static String of(final Picture picture) {
		final MessageDigest digest = DigestUtils.getSha256Digest();
		digest.update(ByteBuffer.allocate(3 * Integer.BYTES).putInt(picture.width()).putInt(picture.height()).putInt(picture.channels()).array());
		digest.update(bytes(picture.values()));
		return text(digest);
	}

	private static byte[] bytes(final Object pixels) {
		if (pixels instanceof byte[] bytes) return bytes;
		if (pixels instanceof short[] shorts) {
			final ByteBuffer buffer = ByteBuffer.allocate(shorts.length * Short.BYTES);
			buffer.asShortBuffer().put(shorts);
			return buffer.array();
		}
		if (pixels instanceof int[] ints) {
			final ByteBuffer buffer = ByteBuffer.allocate(ints.length * Integer.BYTES);
			buffer.asIntBuffer().put(ints);
			return buffer.array();
		}
		if (pixels instanceof float[] floats) {
			final ByteBuffer buffer = ByteBuffer.allocate(floats.length * Float.BYTES);
			buffer.asFloatBuffer().put(floats);
			return buffer.array();
		}
		throw new DiffEditException("The image has pixels of an unknown kind; convert it to 8, 16 or 32 bits or RGB first.");
	}

	private static String text(final MessageDigest digest) {
		return Hex.encodeHexString(digest.digest()).substring(0, DIGITS);
	}
}
