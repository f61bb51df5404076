package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, as its script runs it, on one sample. */
class DemoTest {

	@TempDir
	Path folder;

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();
	private final PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);

	@Test
	void theDemoTellsWhatItDidAndShowsIt() throws IOException {
		final Path sheet = folder.resolve("new/sheet.png");
		Demo.run(sheet, List.of("08"), out);
		assertTrue(output.toString().contains("08  blue nuclei -> magenta nuclei"), output.toString());
		assertTrue(output.toString().contains("IoU with the truth 0.9"), output.toString());
		assertTrue(output.toString().contains(sheet.toString()), output.toString());
		final BufferedImage image = ImageIO.read(sheet.toFile());
		assertTrue(image.getWidth() > 700 && image.getHeight() > 200, image.toString());
		assertEquals(blueIn(image, 0), blueIn(image, 2), 0.3 * blueIn(image, 0), "the third column shows the input under the outline");
		assertTrue(blueIn(image, 3) < 0.5 * blueIn(image, 0), "blue nuclei have become magenta in the last column");
	}

	@Test
	void samplesThatAreComputedSideBySideAreToldInOrderAndGiveWhatTheyGiveAlone() {
		Demo.run(folder.resolve("one.png"), List.of("02"), out);
		final String alone = linesOf("02");
		output.reset();
		Demo.run(folder.resolve("three.png"), List.of("01", "02", "03"), out);
		final String all = output.toString();
		assertEquals(alone, linesOf("02"));
		assertTrue(all.indexOf("01  ") < all.indexOf("02  ") && all.indexOf("02  ") < all.indexOf("03  ") && all.contains("of 3 edits"), all);
	}

	/** What is told of a sample. */
	private String linesOf(final String sample) {
		final List<String> lines = output.toString().lines().toList();
		final int at = IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith(sample + "  ")).findFirst().orElseThrow();
		return lines.get(at) + lines.get(at + 1);
	}

	/** Pixels in a column that are blue and not magenta. */
	private static int blueIn(final BufferedImage image, final int column) {
		int blue = 0;
		for (int y = 90; y < image.getHeight(); y++) {
			for (int x = column * image.getWidth() / 4; x < (column + 1) * image.getWidth() / 4; x++) {
				final int rgb = image.getRGB(x, y);
				if ((rgb & 255) > 150 && (rgb >> 16 & 255) < 90) blue++;
			}
		}
		return blue;
	}
}
