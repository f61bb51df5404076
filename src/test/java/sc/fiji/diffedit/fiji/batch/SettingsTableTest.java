package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;

/** Tables as spreadsheets write them, and as nobody should. */
class SettingsTableTest {

	private static SettingsTable read(final byte[] bytes) throws IOException {
		return SettingsTable.read(new ByteArrayInputStream(bytes), "t.csv");
	}

	private static SettingsTable read(final String text) throws IOException {
		return read(text.getBytes(StandardCharsets.UTF_8));
	}

	private static void refused(final String table, final String... words) {
		final String message = assertThrows(DiffEditException.class, () -> read(table)).getMessage();
		for (final String word : words) assertTrue(message.contains(word), message);
	}

	@Test
	void cellsAreReadWhateverSeparatesThem() throws IOException {
		final List<Map<String, String>> expected = List.of(Map.of("image", "a.tif", "source", "green, \"round\"\nnuclei", "seed", "=1+2"), Map.of("image", "b.tif"));
		for (final char between : new char[] { ',', ';', '\t' }) {
			final String table = "image,source,seed\r\na.tif,\"green, \"\"round\"\"\nnuclei\",=1+2\r\n\r\nb.tif,,\r\n";
			final String separated = between == ',' ? table : table.replace("n, ", "n\0 ").replace(',', between).replace('\0', ',');
			assertEquals(expected, read(separated).rows(), "between: " + between);
		}
	}

	@Test
	void marksAtTheBeginningAreNoLetters() throws IOException {
		assertEquals(List.of("image"), read("\uFEFFimage\na.tif").columns());
		assertEquals(List.of("image"), read("\uFEFFimage\na.tif".getBytes(StandardCharsets.UTF_16LE)).columns());
		assertEquals(List.of("Bild ä"), read("\uFEFFBild ä\na.tif".getBytes(StandardCharsets.UTF_16BE)).columns());
	}

	@Test
	void missingCellsAreEmptyAndEmptyColumnsAreNone() throws IOException {
		assertEquals(List.of(Map.of("image", "a.tif")), read("image,source,\na.tif\n , ,\n").rows());
	}

	@Test
	void whatIsWrongIsSaid() {
		refused("", "is empty");
		refused("\n \n", "is empty");
		refused("image,source\na.tif,green nuclei, round\n", "no name for the column of 'round'", "line 2", "quotes");
		refused("image,\na.tif,x\n", "no name for the column of 'x'");
		refused("threshold ratio,thresholdRatio\n1,2\n", "'thresholdRatio' twice");
		refused("image\n\"a.tif\n", "damaged", "quotes");
		refused("image\n" + "x".repeat(20_001), "20001 letters");
		refused("a,".repeat(200) + "b\n", "201 columns");
		refused("PK\0\3", "not a text", "workbook");
	}

	@Test
	void textsInOtherLettersAreRefused() {
		final byte[] latin = "image\nGr\u00fcn.tif".getBytes(StandardCharsets.ISO_8859_1);
		assertTrue(assertThrows(DiffEditException.class, () -> read(latin)).getMessage().contains("UTF-8"));
	}

	/** A stream that never ends is not read for ever. */
	@Test
	void sizeIsLimited() {
		final InputStream endless = new InputStream() {

			@Override
			public int read() {
				return 'x';
			}

			@Override
			public int read(final byte[] bytes, final int offset, final int length) {
				java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'x');
				return length;
			}
		};
		assertTrue(assertThrows(DiffEditException.class, () -> SettingsTable.read(endless, "t.csv")).getMessage().contains("more than 64 MB"));
	}

	@Test
	void aMissingFileIsNamed() {
		final String message = assertThrows(DiffEditException.class, () -> SettingsTable.read(Path.of("absent.csv"))).getMessage();
		assertTrue(message.contains("absent.csv") && message.contains("no such file"), message);
	}
}
