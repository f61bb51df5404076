package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;

/** Samples are read as they were written, and folders from outside cannot lead astray. */
class SamplesTest {

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
		final Sample same = Samples.in(BUNDLED).list().get(0);
		assertEquals("01", first.name());
		assertEquals("cyan nuclei and red rings on a bright background", first.targetPrompt());
		assertEquals(Sample.Change.COLOUR, first.change());
		assertEquals(Sample.Change.KIND, samples.list().get(6).change());
		assertEquals(0.817, first.expected().iou());
		assertEquals(128, first.picture().width());
		assertEquals(same.picture().get(1, 60, 100), first.picture().get(1, 60, 100));
		assertTrue(first.truth().area() > 0.03 && first.truth().area() < 0.2, "the truth covers two nuclei: " + first.truth().area());
	}

	@ParameterizedTest
	@ValueSource(strings = { "../01.png", "/etc/passwd", "a/b.png", "..", "", "C:\\\\x.png" })
	void filesOutsideTheFolderAreRefused(final String name) throws IOException {
		write("{'samples': [{'file': '" + name + "', 'mask': 'm.png', 'group_mask': 'g.png', 'target': 't.png'}]}");
		assertTrue(refused().contains("plain names in the same folder"), refused());
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
		assertTrue(refused().contains("01.png is not a PNG image"), refused());
	}

	@Test
	void aFolderWithoutSamplesIsTold() {
		assertTrue(refused().contains("There is no samples.json in " + folder), refused());
	}

	private String refused() {
		return assertThrows(DiffEditException.class, () -> Samples.in(folder)).getMessage();
	}

	private void write(final String json) throws IOException {
		Files.writeString(folder.resolve("samples.json"), json.replace('\'', '"'));
	}
}
