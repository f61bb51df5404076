package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.InversionImages.Inversion;
import sc.fiji.diffedit.tensor.Latents;

/** Inversions and descriptions survive a file. */
class InversionImagesTest {

	@TempDir
	Path folder;

	@Test
	void anInversionComesBackFromAFileBitForBit() {
		for (final int[] shape : new int[][] { { 5, 4 }, { 1, 4 }, { 3, 1 }, { 1, 1 } }) {
			final Inversion inversion = inversion(shape[0], shape[1]);
			final ImagePlus image = InversionImages.toImagePlus(inversion, like());
			assertArrayEquals(new int[] { 3, 2, shape[1], 1, shape[0] }, image.getDimensions());
			assertSame(inversion, InversionImages.of(image));
			assertSame(inversion, InversionImages.of(saved(image)));
		}
	}

	@Test
	void theFirstFrameIsTheMostNoisyAndChannelsAreLatentChannels() {
		final Inversion inversion = inversion(5, 4);
		final ImagePlus image = InversionImages.toImagePlus(inversion, like());
		assertEquals(inversion.latents().values()[((4 * 4 + 2) * 2 + 1) * 3 + 1],
			image.getStack().getProcessor(image.getStackIndex(3, 1, 5)).getf(1, 1));
		assertEquals(0.5 * 4, image.getCalibration().pixelWidth, "a latent covers four pixels");
		assertEquals(new Rectangle(5, 6, 11, 7), InversionImages.of(image).region());
		assertEquals("Inversion of cells.tif", image.getTitle());
	}

	@Test
	void whatIsNoInversionIsToldInASentence() {
		assertTrue(assertThrows(DiffEditException.class, () -> InversionImages.of(like())).getMessage().contains("is not an inversion"));
		final ImagePlus image = InversionImages.toImagePlus(inversion(5, 4), like());
		image.getStack().deleteLastSlice();
		assertThrows(DiffEditException.class, () -> InversionImages.of(image));
		for (final String lie : new String[] { "latentSteps=5", "latentSteps=-5", "latentSteps=99999999999", "vaeFactor=0", "regionWidth=x", "regionX=-1" }) {
			final ImagePlus lying = InversionImages.toImagePlus(inversion(5, 4), like());
			final String key = lie.substring(0, lie.indexOf('='));
			final String info = lying.getInfoProperty().replaceAll("(?m)^" + key + "=.*$", lie);
			lying.setProperty("Info", info.replace("latentSteps=5", lie.startsWith("latentSteps") ? lie.equals("latentSteps=5") ? "latentSteps=6" : lie : "latentSteps=5"));
			assertThrows(DiffEditException.class, () -> InversionImages.of(lying), lie);
		}
	}

	@Test
	void descriptionsSurviveFilesAndEdits() {
		final ImagePlus image = like();
		image.setProperty("Info", "microscope=old\nwith=more");
		final String prompt = "a \"cell\" = round\nand \\n green, \u00b5m \u4e2d";
		Provenance.of("edit").with("model", "demo").with("seed", 7).with("absent", null).with("targetPrompt", prompt).describe(image);
		final Provenance read = Provenance.read(saved(image)).orElseThrow();
		assertEquals("7", read.get("seed").orElseThrow());
		assertEquals(prompt, read.get("targetPrompt").orElseThrow());
		assertFalse(read.get("absent").isPresent());
		assertEquals("edit", read.get("what").orElseThrow());
		assertTrue(read.get("plugin").isPresent());
		assertTrue(saved(image).getInfoProperty().contains("microscope=old\nwith=more"));
		Provenance.of("edit").with("seed", 8).describe(image);
		assertEquals("8", Provenance.read(image).orElseThrow().get("seed").orElseThrow(), "the last edit stands on top");
		assertTrue(image.getInfoProperty().contains("seed=7"));
		assertFalse(Provenance.read(like()).isPresent());
		assertThrows(IllegalArgumentException.class, () -> read.with("two words", 1));
		assertThrows(DiffEditException.class, () -> read.number("seed", 8, 9));
		assertThrows(DiffEditException.class, () -> read.number("model", 0, 9));
		assertThrows(DiffEditException.class, () -> read.number("missing", 0, 9));
	}

	private ImagePlus saved(final ImagePlus image) {
		final String path = folder.resolve("file.tif").toString();
		final FileSaver saver = new FileSaver(image);
		assertTrue(image.getStackSize() > 1 ? saver.saveAsTiffStack(path) : saver.saveAsTiff(path));
		return new Opener().openImage(path);
	}

	private static ImagePlus like() {
		final ImagePlus like = IJ.createImage("cells.tif", 40, 30, 1, 8);
		like.getCalibration().pixelWidth = 0.5;
		like.getCalibration().setUnit("um");
		return like;
	}

	private static Inversion inversion(final int steps, final int channels) {
		final float[] values = new float[steps * channels * 2 * 3];
		final Random random = new Random(1);
		for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
		return new Inversion(new Latents(steps, channels, 2, 3, values), new Padding(11, 7, 4), new Rectangle(5, 6, 11, 7), 40, 30,
			Provenance.of("invert").with("strength", 0.8));
	}

	private static void assertSame(final Inversion wanted, final Inversion got) {
		assertEquals(wanted.latents().count(), got.latents().count());
		assertEquals(wanted.latents().channels(), got.latents().channels());
		assertArrayEquals(wanted.latents().values(), got.latents().values());
		assertEquals(wanted.padding(), got.padding());
		assertEquals(wanted.region(), got.region());
		assertEquals(wanted.imageWidth(), got.imageWidth());
		assertEquals(wanted.imageHeight(), got.imageHeight());
		assertEquals("0.8", got.made().get("strength").orElseThrow());
	}
}
