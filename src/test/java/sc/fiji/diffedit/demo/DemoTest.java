package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo and the evaluation, as their scripts run them, on one sample. */
class DemoTest {

	private static final Path BUNDLED = Path.of("src/main/resources/sc/fiji/diffedit/demo/samples");

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
	void parityReachesWhatDiffusersReached() throws IOException {
		final String json = Files.readString(BUNDLED.resolve("samples.json"));
		final int first = json.indexOf("{", json.indexOf("\"samples\""));
		final int last = json.lastIndexOf("{");
		Files.writeString(folder.resolve("samples.json"), json.substring(0, first) + json.substring(last));
		for (final String name : List.of("08.png", "08_mask.png", "08_group.png", "08_target.png")) Files.copy(BUNDLED.resolve(name), folder.resolve(name));
		assertEquals(0, EvaluateSamples.run(new String[] { folder.toString(), "--parity" }, out));
		assertTrue(output.toString().startsWith("08        IoU 0.8"), output.toString());
		assertTrue(output.toString().strip().lines().reduce((a, b) -> b).orElse("").startsWith("mean of 1  IoU 0.8"), output.toString());
		Files.writeString(folder.resolve("samples.json"), Files.readString(folder.resolve("samples.json")).replace("0.836", "0.5"));
		assertEquals(1, EvaluateSamples.run(new String[] { "--parity", folder.toString() }, out), "a mask far from the expected one must fail");
	}

	@Test
	void wrongCallsAreTold() {
		assertEquals(2, EvaluateSamples.run(new String[0], out));
		assertEquals(2, EvaluateSamples.run(new String[] { folder.toString() }, out));
		assertTrue(output.toString().contains("There is no samples.json in " + folder), output.toString());
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
