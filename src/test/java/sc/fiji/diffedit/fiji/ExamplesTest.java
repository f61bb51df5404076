package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.script.ScriptModule;
import org.scijava.script.ScriptService;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.integer.UnsignedShortType;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImagePipeline;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

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
	void maskThenEdit() throws Exception {
		final ImagePlus image = sample();
		final List<?> results = (List<?>) run(Files.readString(EXAMPLES.resolve("mask_then_edit.groovy")),
			Map.of("image", image, "source", "blue nuclei", "steps", 4)).getOutput("results");
		assertEquals(2, results.size());
		for (final Object result : results) assertChanged(image, (ImagePlus) result);
		assertFalse(Arrays.equals(pixels((ImagePlus) results.get(0)), pixels((ImagePlus) results.get(1))));
	}

	@Test
	@SuppressWarnings("unchecked")
	void sliceOfAVolume() throws Exception {
		final ScriptModule done = run(Files.readString(EXAMPLES.resolve("slice_of_a_volume.groovy")), Map.of("steps", 3));
		final RandomAccessibleInterval<UnsignedShortType> cells = (RandomAccessibleInterval<UnsignedShortType>) done.getOutput("cells");
		final RandomAccessibleInterval<UnsignedShortType> slice = (RandomAccessibleInterval<UnsignedShortType>) done.getOutput("slice");
		final RandomAccessibleInterval<UnsignedShortType> labels = (RandomAccessibleInterval<UnsignedShortType>) done.getOutput("labels");
		int changed = 0;
		for (int y = 0; y < 64; y++) {
			for (int x = 0; x < 64; x++) {
				final boolean same = slice.getAt(x, y, 0).get() == cells.getAt(x, y, 3).get();
				if (labels.getAt(x, y).get() == 0) assertTrue(same);
				if (!same) changed++;
			}
		}
		assertTrue(changed > 0);
	}

	@Test
	void masksOfAStack() throws Exception {
		final ImageStack planes = new ImageStack(64, 48);
		for (final String label : List.of("one", "two")) planes.addSlice(label, small().getProcessor());
		final ImagePlus two = new ImagePlus("stack", planes);
		final ImagePlus labels = (ImagePlus) example("stack_masks", Map.of("image", two, "planes", "all")).getOutput("labels");
		assertEquals(2, labels.getStackSize());
		assertEquals("two", labels.getStack().getSliceLabel(2));
		assertArrayEquals((short[]) labels.getStack().getPixels(1), (short[]) labels.getStack().getPixels(2), "the same noise for the same plane");
		assertEquals(List.of(1, 2), Arrays.stream(two.getOverlay().toArray()).map(Roi::getPosition).toList());
	}

	@Test
	void aMeasuredEditInTiles() throws Exception {
		final ImagePlus image = sample(), truth = new ImagePlus("truth", image.getProcessor().convertToByte(true));
		final ScriptModule done = example("measured_edit", Map.of("image", image, "truth", truth, "steps", 3));
		final ResultsTable parts = (ResultsTable) done.getOutput("parts"), overlap = (ResultsTable) done.getOutput("overlap");
		assertTrue(parts.size() >= 1 && Math.abs(parts.getValue("Mean difference", 0)) > 0);
		assertTrue(overlap.getValue("IoU", 0) > 0);
		assertChanged(image, (ImagePlus) done.getOutput("result"));
	}

	private static ImagePlus small() {
		final ImagePlus image = sample();
		image.setRoi(0, 0, 64, 48);
		return image.crop();
	}

	@Test
	void wordsToImagesWithEveryKindOfModel() throws Exception {
		for (final String model : List.of("demo", GoldenCase.model("sdxl").toString())) {
			final ScriptModule done = example("TextToImage", Map.of("model", model, "steps", 2));
			final ImagePlus result = (ImagePlus) done.getOutput("result");
			assertArrayEquals(new int[] { 64, 48, 1, 2, 1 }, result.getDimensions());
			assertEquals("magenta nuclei", result.getStack().getSliceLabel(2));
			assertEquals(2, ((Latents) done.getOutput("latents")).count());
		}
	}

	@Test
	void imageToImage() throws Exception {
		final ImagePlus image = sample();
		final ImagePlus result = (ImagePlus) example("ImageToImage", Map.of("image", image, "steps", 4, "prompt", "magenta nuclei")).getOutput("result");
		assertEquals(3, result.getStackSize());
		final Set<String> different = new HashSet<>();
		for (int i = 1; i <= 3; i++) different.add(Arrays.toString((int[]) result.getStack().getPixels(i)));
		different.add(Arrays.toString(pixels(image)));
		assertEquals(4, different.size(), "each strength makes an image of its own");
	}

	@Test
	void inpaintingWithBothKindsOfModels() throws Exception {
		for (final String filler : List.of("demo", GoldenCase.model("sd1-inpaint").toString())) {
			final ImagePlus image = sample();
			assertChanged(image, (ImagePlus) example("Inpaint", Map.of("image", image, "steps", 3, "filler", filler)).getOutput("result"));
		}
	}

	@Test
	void captionThenMask() throws Exception {
		final ScriptModule done = example("CaptionThenMask", Map.of("image", sample(), "captioner", GoldenCase.model("blip").toString(),
			"target", "magenta nuclei", "steps", 3));
		assertFalse(((String) done.getOutput("caption")).isBlank());
		assertTrue(((ImagePlus) done.getOutput("mask")).getStatistics().max > 0);
	}

	@Test
	void meansOfManyPrompts() throws Exception {
		final ScriptModule done = example("MeansOfManyPrompts", Map.of("image", sample(), "generator", GoldenCase.model("t5").toString(),
			"count", 3, "words", 6, "steps", 3));
		assertTrue(((DifferenceMap) done.getOutput("map")).mean() > 0);
		assertTrue(((ImagePlus) done.getOutput("result")).getStatistics().max > 0, "it is shown");
	}

	@Test
	void baseAndRefiner() throws Exception {
		final ImagePlus image = sample();
		final ScriptModule done = example("BaseAndRefiner", Map.of("image", image, "base", GoldenCase.model("sdxl").toString(), "refiner",
			GoldenCase.model("sdxl-refiner").toString(), "steps", 5));
		final ImagePlus made = (ImagePlus) done.getOutput("made");
		assertFalse(Arrays.equals((int[]) made.getStack().getPixels(1), (int[]) made.getStack().getPixels(2)));
		assertChanged(image, (ImagePlus) done.getOutput("edited"));
	}

	@Test
	void otherParts() throws Exception {
		final ScriptModule done = example("OtherParts", Map.of("model", GoldenCase.model("sd1").toString(), "autoencoder",
			GoldenCase.model("taesd").toString(), "steps", 5));
		final Set<String> different = new HashSet<>();
		final ImagePlus result = (ImagePlus) done.getOutput("result");
		for (int i = 1; i <= 4; i++) different.add(Arrays.toString((int[]) result.getStack().getPixels(i)));
		assertEquals(4, different.size(), "each part makes an image of its own");
		assertEquals(2, ((List<?>) done.getOutput("looks")).size());
	}

	@Test
	void aLoopByHandMakesWhatThePipelineMakes() throws Exception {
		final ScriptModule done = example("LoopByHand", Map.of("model", "demo", "prompt", "green nuclei", "steps", 5, "guidance", 4.0,
			"seed", 7L, "width", 64, "height", 48));
		final Picture picture = (Picture) done.getOutput("picture");
		assertEquals(48, ((ImagePlus) done.getOutput("result")).getHeight(), "it is shown");
		final JsonObject lms = JsonParser.parseString("""
			{ "_class_name": "LMSDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear" }""").getAsJsonObject();
		final TextToImageRequest request = TextToImageRequest.of("green nuclei").withNumInferenceSteps(5).withGuidanceScale(4).withSeed(7).withWidth(64).withHeight(48);
		try (ModelLease lease = context.service(DiffusionModelService.class).borrow("demo")) {
			final Picture expected = lease.call(parts -> new TextToImagePipeline(parts.withScheduler(new Config("this test", lms)))
				.generate(request, StepListener.NONE).image());
			assertArrayEquals(expected.values(), picture.values(), 1e-4f);
		}
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
		final ScriptModule done = context.service(ScriptService.class).run("example.groovy", new StringReader(script), true, inputs).get();
		for (final Object output : done.getOutputs().values()) {
			if (output instanceof final RandomAccessibleInterval<?> shown) assertArrayEquals(new long[shown.numDimensions()], shown.minAsLongArray(), "Fiji shows it");
		}
		return done;
	}

	private static ScriptModule example(final String name, final Map<String, Object> inputs) throws Exception {
		return run(Files.readString(EXAMPLES.resolve(name + ".groovy")), inputs);
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
