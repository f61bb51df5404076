package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

import ij.ImagePlus;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import sc.fiji.diffedit.demo.Samples;

/** The examples in {@code scripts/examples} and in javadoc run as they stand. */
class ExamplesTest {

	private static final Path EXAMPLES = Path.of("scripts/examples");
	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@Test
	void editByWords() throws Exception {
		final ImagePlus image = sample();
		final ImagePlus result = (ImagePlus) run(Files.readString(EXAMPLES.resolve("EditByWords.groovy")),
			Map.of("image", image, "source", "blue nuclei", "target", "magenta nuclei", "steps", 5)).getOutput("result");
		assertChanged(image, result);
	}

	@Test
	void maskThenEdit() throws Exception {
		final ImagePlus image = sample();
		final List<?> results = (List<?>) run(Files.readString(EXAMPLES.resolve("MaskThenEdit.groovy")),
			Map.of("image", image, "source", "blue nuclei", "steps", 4)).getOutput("results");
		assertEquals(2, results.size());
		for (final Object result : results) assertChanged(image, (ImagePlus) result);
		assertFalse(Arrays.equals(pixels((ImagePlus) results.get(0)), pixels((ImagePlus) results.get(1))));
	}

	@Test
	@SuppressWarnings("unchecked")
	void sliceOfAVolume() throws Exception {
		final ScriptModule done = run(Files.readString(EXAMPLES.resolve("SliceOfAVolume.groovy")), Map.of("steps", 3));
		final RandomAccessibleInterval<UnsignedShortType> volume = (RandomAccessibleInterval<UnsignedShortType>) done.getOutput("volume");
		final RandomAccessibleInterval<UnsignedShortType> labels = (RandomAccessibleInterval<UnsignedShortType>) done.getOutput("labels");
		int changed = 0;
		for (int y = 0; y < 64; y++) {
			for (int x = 0; x < 64; x++) {
				final boolean same = volume.getAt(x, y, 3).get() == volume.getAt(x, y, 2).get();
				if (labels.getAt(x, y).get() == 0) assertTrue(same);
				if (!same) changed++;
			}
		}
		assertTrue(changed > 0);
	}

	@Test
	void theExampleInTheJavadoc() throws Exception {
		final String source = Files.readString(Path.of("src/main/java/sc/fiji/diffedit/fiji/ImageEdit.java"));
		final Matcher example = Pattern.compile("<pre>\\{@code\\n(.*?) \\* }</pre>", Pattern.DOTALL).matcher(source);
		assertTrue(example.find());
		final String script = example.group(1).replaceAll("(?m)^ \\* ?", "").replace("from(", "withSteps(4).withMaps(1).from(");
		final ImagePlus image = sample();
		assertChanged(image, (ImagePlus) run(script, Map.of("image", image)).getOutput("result"));
	}

	private static ScriptModule run(final String script, final Map<String, Object> inputs) throws Exception {
		return context.service(ScriptService.class).run("example.groovy", new StringReader(script), true, inputs).get();
	}

	private static ImagePlus sample() {
		return Pictures.toImagePlus(Samples.bundled().list().get(7).picture(), "sample");
	}

	private static void assertChanged(final ImagePlus image, final ImagePlus result) {
		assertArrayEquals(image.getDimensions(), result.getDimensions());
		assertFalse(Arrays.equals(pixels(image), pixels(result)));
		assertTrue(Arrays.equals(pixels(image), pixels(sample())), "the input is never changed");
	}

	private static int[] pixels(final ImagePlus image) {
		return (int[]) image.getProcessor().getPixels();
	}
}
