package sc.fiji.diffedit.faults;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.commons.codec.digest.DigestUtils;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Picture;

/**
 * A small edit with the demo model, from unpacking it to a file of the result. Prints {@code edited HASH}, or our message after
 * {@code refused}; anything else is thrown. Another line has the MiB of address space that it took.
 */
final class OneEdit {

	/** The file of the picture's values, 32-bit floats that begin with their highest byte, channel by channel. */
	static final String VALUES = "edited.f32";

	private static final int EDGE = 96;

	private OneEdit() {}

	/** Takes the folder for the result and, if it is not the one of this thread, which context class loader there is: {@code none} or {@code platform}. */
	public static void main(final String[] arguments) throws Exception {
		if (arguments.length > 1) Thread.currentThread().setContextClassLoader(arguments[1].equals("none") ? null : ClassLoader.getPlatformClassLoader());
		System.out.println(said(Path.of(arguments[0])));
		System.out.println(AddressSpace.mostUsed());
		Runtime.getRuntime().halt(0);                                   // the threads of Java's own end may be refused too
	}

	private static String said(final Path folder) throws Exception {
		try {
			final Picture edited = edited(LoadOptions.of(DemoModel.NAME));
			final Path file = folder.resolve("edited.tif");
			ImageFiles.save(new ImagePlus("edited", new ColorProcessor(EDGE, EDGE, edited.toRgb())), file);
			Files.write(folder.resolve(VALUES), bytes(edited));
			if (Files.size(file) < EDGE * EDGE * 3 || ImageFiles.open(file).getWidth() != EDGE) return "no image was written";
			return "edited " + hash(edited);
		}
		catch (final DiffEditException e) {
			return "refused " + e.getMessage();
		}
		catch (final OutOfMemoryError e) {                              // what the system refuses Java itself; commands tell it
			return "refused to Java: " + e.getMessage();
		}
	}

	private static Picture edited(final LoadOptions model) {
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(model)) {
			return edited(lease);
		}
	}

	/** A picture of {@value #EDGE} x {@value #EDGE} pixels, in a few steps. */
	static Picture edited(final ModelLease lease) {
		final ImageInput image = ImageInput.of(picture());
		final MaskResult mask = lease.diffEdit().generateMask(image, MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(2).withNumInferenceSteps(4));
		final Inversion inversion = lease.diffEdit().invert(image, InvertRequest.of("green nuclei").withNumInferenceSteps(3));
		return lease.diffEdit().edit(EditRequest.to("cyan nuclei").withNumInferenceSteps(3), mask.masks(), inversion).image();
	}

	/** Of the bits of all values. */
	static String hash(final Picture picture) {
		return DigestUtils.sha256Hex(bytes(picture));
	}

	private static byte[] bytes(final Picture picture) {
		final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * picture.values().length);
		bytes.asFloatBuffer().put(picture.values());
		return bytes.array();
	}

	/** Stripes of all shades. */
	static Picture picture() {
		final float[] values = new float[3 * EDGE * EDGE];
		for (int i = 0; i < values.length; i++) values[i] = i * 37 % 101 / 100f;
		return new Picture(EDGE, EDGE, 3, values);
	}

	/** The line of what it printed that tells the result; all of it if there is none. */
	static String answer(final String said) {
		return said.lines().filter(line -> line.matches("(edited|refused) .*")).findFirst().orElse(said);
	}
}
