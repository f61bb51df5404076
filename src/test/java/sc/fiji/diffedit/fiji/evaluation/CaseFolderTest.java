package sc.fiji.diffedit.fiji.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ShortProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.batch.ImageFiles;

/** Samples are read as they were written, tables as spreadsheets write them, and folders from outside cannot lead astray. */
class CaseFolderTest {

	private static final Path BUNDLED = Path.of("src/main/resources/sc/fiji/diffedit/demo/samples");

	@TempDir
	Path folder;

	@Test
	void theBundledSamplesAreThoseOfTheFolder() {
		final Samples samples = Samples.bundled();
		assertEquals(8, samples.list().size());
		assertEquals(4.5, samples.settings().maskThresholdingRatio());
		assertEquals(20, samples.settings().editSteps());
		final Sample first = samples.list().get(0);
		final Sample same = CaseFolder.read(BUNDLED).list().get(0);
		assertEquals("01", first.name());
		assertEquals("cyan nuclei and red rings on a bright background", first.targetPrompt());
		assertEquals(Sample.Change.COLOUR, first.change());
		assertEquals(Sample.Change.KIND, samples.list().get(6).change());
		assertEquals(0.836, first.expected().iou());
		assertEquals(128, first.picture().width());
		assertArrayEquals(first.picture().toRgb(), same.picture().toRgb());
		assertArrayEquals(first.truth().values(), same.truth().values());
		assertArrayEquals(first.target().orElseThrow().toRgb(), same.target().orElseThrow().toRgb());
		assertTrue(first.truth().area() > 0.03 && first.truth().area() < 0.2, "the truth covers two nuclei: " + first.truth().area());
	}

	@Test
	void aNameThatCannotBeAPathIsRefused() throws IOException {
		write("{'samples': [{'file': 'a\\u0000.png', 'mask': 'm.png', 'source_prompt': 'a', 'target_prompt': 'b'}]}");
		assertTrue(refused().contains("cannot be a path here"), refused());
	}

	@ParameterizedTest
	@ValueSource(strings = { "../01.png", "/etc/passwd", "a/../../b.png", "..", "", "C:\\\\x.png" })
	void filesOutsideTheFolderAreRefused(final String name) throws IOException {
		write("{'samples': [{'file': '" + name + "', 'mask': 'm.png', 'group_mask': 'g.png', 'target': 't.png'}]}");
		assertTrue(refused().contains("name a file in the same folder or below it"), refused());
	}

	@Test
	void listsThatAreEmptyOrNestedAreToldInASentence() throws IOException {
		write("{'samples': []}");
		assertTrue(refused().contains("samples.json of " + folder + " lists no samples"), refused());
		write("{'samples': " + "[".repeat(100_000) + "]".repeat(100_000) + "}");
		assertTrue(refused().contains("samples.json of " + folder), refused());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{", "{'samples': 3}", "{'samples': [7]}", "{'samples': [{'file': 5}]}" })
	void damagedListsAreToldInASentence(final String json) throws IOException {
		write(json);
		assertTrue(refused().contains("samples.json of " + folder), refused());
	}

	@Test
	void aMissingOrDamagedPictureIsToldByName() throws IOException {
		write("{'samples': [{'file': '01.png', 'mask': 'm.png', 'group_mask': 'g.png', 'target': 't.png'}]}");
		assertTrue(refused().contains("01.png"), refused());
		Files.writeString(folder.resolve("01.png"), "no picture");
		assertTrue(refused().contains("01.png is damaged or not of a format that ImageJ opens"), refused());
	}

	@Test
	void aFolderWithoutSamplesIsTold() {
		assertTrue(refused().contains("There is neither samples.json nor samples.csv in " + folder), refused());
	}

	/** Any format and bit depth of ImageJ, seen as the model sees it; nothing but the mask need be known. */
	@Test
	void aTableOfPicturesInSixteenBits() throws IOException {
		Files.createDirectory(folder.resolve("masks"));
		ImageFiles.save(new ImagePlus("", new ShortProcessor(3, 1, new short[] { 100, 300, 500 }, null)), folder.resolve("cells.tif"));
		ImageFiles.save(new ImagePlus("", new ByteProcessor(3, 1, new byte[] { 0, 0, 7 })), folder.resolve("masks/cells.png"));
		Files.writeString(folder.resolve("samples.csv"), "Image;Mask;Source;Target\ncells.tif;masks/cells.png;a cell;a yeast cell, budding\n");
		final Samples samples = CaseFolder.read(folder);
		final Sample cells = samples.list().get(0);
		assertEquals("cells", cells.name());
		assertEquals("a yeast cell, budding", cells.targetPrompt());
		assertEquals(0x7e7e7e, cells.picture().toRgb()[1], "between the darkest pixel and the brightest one, as forms say by Auto");
		assertEquals(List.of(0, 0xffffff), List.of(cells.picture().toRgb()[0], cells.picture().toRgb()[2]));
		assertArrayEquals(new float[] { 0, 0, 1 }, cells.truth().values());
		assertTrue(cells.target().isEmpty());
		assertEquals(50, samples.settings().editSteps());
	}

	@ParameterizedTest
	@ValueSource(strings = { "image,mask,source\nc.tif,m.png,a cell|has no target in row 1", "image,mask,source,target,note\n|has the column 'note'",
		"image,mask,source,target\n|lists no samples", "image,mask,source,target\nc.png,m.png,a,b|c.png", "image,mask,source,target\n01.png,small.png,a,b|small.png has 2 x 1 pixels, but 01.png has 128 x 128",
		"image,mask,source,target,change\n01.png,01_mask.png,a,b,shape|write colour or kind" })
	void aWrongTableIsToldInASentence(final String tableAndSentence) throws IOException {
		for (final String name : List.of("01.png", "01_mask.png")) Files.copy(BUNDLED.resolve(name), folder.resolve(name));
		ImageFiles.save(new ImagePlus("", new ByteProcessor(2, 1)), folder.resolve("small.png"));
		Files.writeString(folder.resolve("samples.csv"), tableAndSentence.substring(0, tableAndSentence.indexOf('|')));
		assertTrue(refused().contains(tableAndSentence.substring(tableAndSentence.indexOf('|') + 1)), refused());
	}

	@Test
	void onePlaneOfSeveralIsNotTakenInSilence() throws IOException {
		for (final String name : List.of("01.png", "01_mask.png")) Files.copy(BUNDLED.resolve(name), folder.resolve(name));
		ImageFiles.save(IJ.createImage("", "8-bit black", 128, 128, 3), folder.resolve("stack.tif"));
		Files.writeString(folder.resolve("samples.csv"), "image,mask,source,target\n01.png,stack.tif,a,b\n");
		assertTrue(refused().contains("stack.tif has 3 planes"), refused());
		Files.writeString(folder.resolve("samples.csv"), "image,mask,source,target\nstack.tif,01_mask.png,a,b\n");
		assertTrue(refused().contains("stack.tif has 3 planes"), refused());
	}

	private String refused() {
		return assertThrows(DiffEditException.class, () -> CaseFolder.read(folder)).getMessage();
	}

	private void write(final String json) throws IOException {
		Files.writeString(folder.resolve("samples.json"), json.replace('\'', '"'));
	}
}
