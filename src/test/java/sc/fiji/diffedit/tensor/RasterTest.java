package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import sc.fiji.diffedit.DiffEditException;

/** Pictures treated as Pillow treats them. The checksums come from scripts/pillow_numbers.py. */
class RasterTest {

	/** Same as {@code picture} in scripts/pillow_numbers.py. */
	private static Raster picture(final int width, final int height, final int channels) {
		final byte[] values = new byte[width * height * channels];
		for (int c = 0; c < channels; c++) {
			for (int y = 0; y < height; y++) {
				for (int x = 0; x < width; x++) {
					final int edge = (x / 5 + y / 7) % 2 == 1 ? 120 : 0;
					values[(c * height + y) * width + x] = (byte) (x * 7 + y * 13 + c * 50 + x * y % 31 * 5 + edge);
				}
			}
		}
		return new Raster(width, height, channels, values);
	}

	@TestFactory
	List<DynamicTest> sameBytesAsPillow() throws IOException {
		return Files.readAllLines(Path.of("src/test/resources/pillow.csv")).stream().map(line -> line.split(","))
			.map(expected -> DynamicTest.dynamicTest(expected[0], () -> check(expected))).toList();
	}

	private static void check(final String[] expected) {
		final Raster found = run(expected[0].split(" "));
		assertEquals(expected[1] + " x " + expected[2], found.width() + " x " + found.height());
		final CRC32 crc = new CRC32();
		crc.update(found.values());
		assertEquals(Long.parseLong(expected[3]), crc.getValue());
	}

	private static Raster run(final String[] words) {
		final Raster small = picture(37, 29, 3);
		switch (words[0]) {
			case "resize":
				return small.resized(Integer.parseInt(words[2]), Integer.parseInt(words[3]), Resampling.valueOf(words[1]));
			case "fill":
				final int edge = words[1].equals("top") ? 0 : 29;
				return small.resized(37, 5, Resampling.BICUBIC, 0, edge, 37, edge);
			case "gray":
				return grayscale(small);
			case "crop":
				return small.cropped(new Region(-3, 5, 20, 35));
			case "blur":
				final boolean gray = words[1].equals("gray");
				return (gray ? picture(21, 50, 1) : small).blurred(Double.parseDouble(words[words.length - 1]));
			default:
				return small.over(mirrored(small), grayscale(small));
		}
	}

	/** {@code Image.convert("L")}: luma of ITU-R 601-2. */
	private static Raster grayscale(final Raster image) {
		final byte[] values = image.values();
		final byte[] grey = new byte[image.width() * image.height()];
		for (int i = 0; i < grey.length; i++) {
			grey[i] = (byte) ((values[i] & 255) * 19595 + (values[grey.length + i] & 255) * 38470
				+ (values[2 * grey.length + i] & 255) * 7471 + 0x8000 >> 16);
		}
		return new Raster(image.width(), image.height(), 1, grey);
	}

	private static Raster mirrored(final Raster raster) {
		final byte[] values = new byte[raster.values().length];
		for (int i = 0; i < values.length; i++) {
			values[i] = raster.values()[i - i % raster.width() + raster.width() - 1 - i % raster.width()];
		}
		return new Raster(raster.width(), raster.height(), raster.channels(), values);
	}

	@Test
	void everyLevelSurvivesTheWayThroughNumbers() {
		final Raster levels = picture(64, 64, 3);
		assertArrayEquals(levels.values(), Raster.of(levels.toPicture()).values());
		final Raster gray = picture(64, 64, 1);
		assertArrayEquals(gray.values(), Raster.of(gray.toMask()).values());
	}

	@Test
	void wrongSizesAreTold() {
		assertThrows(DiffEditException.class, () -> new Raster(2, 2, 3, new byte[4]));
		assertThrows(DiffEditException.class, () -> new Region(3, 3, 3, 9));
		assertThrows(DiffEditException.class, () -> picture(4, 4, 3).over(picture(4, 5, 3), picture(4, 4, 1)));
		assertThrows(DiffEditException.class, () -> picture(4, 4, 3).blurred(-1));
	}
}
