package sc.fiji.diffedit.fiji.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.script.ScriptService;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.io.FileSaver;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;

/** The examples in {@code scripts/examples}, and that every way of asking gives the same bits. */
class ExamplesTest {

	private static final Path EXAMPLES = Path.of("scripts", "examples");

	@TempDir
	private static Path folder;
	private static Path image;
	private static int[] expected;

	/** The result of the plain Java API, with which all others are compared. */
	@BeforeAll
	static void editInJava() throws Exception {
		HeadlessMenus.install();
		SharedContext.get().service(ScriptService.class).addAlias(ImagePlus.class);
		image = folder.resolve("cells.png");
		try (InputStream in = RunCommand.class.getResourceAsStream("/sc/fiji/diffedit/demo/samples/01.png")) {
			Files.copy(in, image);
		}
		try (ModelLease lease = SharedContext.get().service(DiffusionModelService.class).borrow("demo")) {
			final ImagePlus edited = ImageEdit.of(open()).from("green nuclei").to("cyan nuclei").withMaps(2).withSteps(6).withSeed(7)
				.run(lease).image();
			expected = pixels(edited);
		}
		assertFalse(java.util.Arrays.equals(pixels(open()), expected), "the edit changes something");
	}

	@AfterAll
	static void letGo() {
		SharedContext.dispose();
	}

	@AfterEach
	void closeImages() {
		IJ.runMacro("setBatchMode(true); while (nImages > 0) close(); setBatchMode(false);");
		WindowManager.setTempCurrentImage(null);
	}

	private static ImagePlus open() {
		return IJ.openImage(image.toString());
	}

	private static int[] pixels(final ImagePlus image) {
		return (int[]) image.getProcessor().convertToRGB().getPixels();
	}

	private static ImagePlus macro(final String name, final String argument) {
		IJ.runMacroFile(EXAMPLES.resolve(name).toAbsolutePath().toString(), argument);
		final ImagePlus result = WindowManager.getCurrentImage();
		assertNotNull(result, name + " leaves an image");
		return result;
	}

	private static Object groovy(final String name, final Map<String, Object> inputs, final String output) throws Exception {
		return SharedContext.get().service(ScriptService.class).run(EXAMPLES.resolve(name).toFile(), true, inputs).get().getOutput(output);
	}

	@Test
	void theMacroGivesTheSameBits() {
		assertArrayEquals(expected, pixels(macro("edit_image.ijm", image.toString())));
	}

	@Test
	void groovyWithTheServiceGivesTheSameBits() throws Exception {
		assertArrayEquals(expected, pixels((ImagePlus) groovy("edit_image.groovy", Map.of("image", open(), "source", "green nuclei", "target",
			"cyan nuclei"), "result")));
	}

	@Test
	void groovyWithTheCommandGivesTheSameBits() throws Exception {
		assertArrayEquals(expected, pixels((ImagePlus) groovy("run_command.groovy", Map.of("image", open()), "result")));
	}

	@Test
	void aMaskComesAsLabels() {
		final ImagePlus labels = macro("generate_mask.ijm", image.toString());
		assertTrue(labels.getStatistics().max >= 1, labels.getTitle());
	}

	@Test
	void theTwoStepsLeaveWhatIsOutsideTheSelection() {
		final ImagePlus edited = macro("edit_in_two_steps.ijm", image.toString());
		assertEquals(open().getWidth(), edited.getWidth());
		assertFalse(java.util.Arrays.equals(pixels(open()), pixels(edited)));
	}

	@Test
	void aFolderIsEdited() throws Exception {
		final Path images = Files.createDirectory(folder.resolve("images"));
		Files.copy(image, images.resolve("one.png"));
		IJ.runMacroFile(EXAMPLES.resolve("edit_folder.ijm").toAbsolutePath().toString(), images.toString());
		assertArrayEquals(expected, pixels(IJ.openImage(images.resolve("edited/one.tif").toString())));
	}

	@Test
	void aBatchGivesTheSameBits() throws Exception {
		final Path images = Files.createDirectory(folder.resolve("batch"));
		Files.copy(image, images.resolve("one.png"));
		IJ.runMacroFile(EXAMPLES.resolve("batch_folder.ijm").toAbsolutePath().toString(), images.toString());
		assertArrayEquals(expected, pixels(IJ.openImage(images.resolve("edited/one-edit.tif").toString())));
		assertEquals("1 done", groovy("batch_folder.groovy", Map.of("folder", images.toFile(), "output", images.resolve("from groovy").toFile()), "sentence"));
		assertArrayEquals(expected, pixels(IJ.openImage(images.resolve("from groovy/one-edit.tif").toString())));
		final Path table = Files.writeString(images.resolve("table.csv"), "image,source,target,seed\none.png,green nuclei,cyan nuclei,7\n");
		IJ.runMacroFile(EXAMPLES.resolve("batch_table.ijm").toAbsolutePath().toString(), table.toString());
		assertArrayEquals(expected, pixels(IJ.openImage(images.resolve("edited by table/one-edit.tif").toString())));
		Files.writeString(table, "image,source,target,seed\none.png,green nuclei,cyan nuclei,7\n*.gif,x,y,\n");
		final Map<String, Object> inputs = Map.of("table", table.toFile(), "output", images.resolve("from table").toFile());
		assertNull(groovy("batch_table.groovy", inputs, "sentence"), "there is no gif");
		Files.writeString(table, "image,source,target,seed\none.png,green nuclei,cyan nuclei,7\ntwo.png,x,y,\n");
		assertEquals("1 done, 1 failed", groovy("batch_table.groovy", inputs, "sentence"));
		assertArrayEquals(expected, pixels(IJ.openImage(images.resolve("from table/one-edit.tif").toString())));
	}

	@Test
	void aModelIsFetchedIntoTheCacheThatIsSet() throws Exception {
		final String report = (String) groovy("model_folders.groovy", Map.of("folders", "", "cache", folder.resolve("hub").toString()), "report");
		assertTrue(report.contains("Cache for downloads: " + folder.resolve("hub")), report);
		try (LocalHub hub = new LocalHub(GoldenCase.model("sd1"))) {
			IJ.runMacroFile(EXAMPLES.resolve("download_model.ijm").toAbsolutePath().toString(), "org/name " + hub.address());
			assertTrue(Files.isRegularFile(ModelPlaces.ofSettings().find("org/name").resolve("model_index.json")));
			final Object text = groovy("download_model.groovy", Map.of("repository", "org/name", "server", hub.address().toString()), "result");
			assertTrue(String.valueOf(text).contains("Licence: bsd-2-clause"), String.valueOf(text));
		}
		finally {
			new ModelSettings(List.of(), Optional.empty()).write();
		}
	}

	@Test
	void lorasAndLearnedWordsAreAddedByAMacro() {
		final Path adapters = GoldenCase.model("adapters").toAbsolutePath();
		final ImagePlus result = macro("lora_and_word.ijm", String.join(",", GoldenCase.model("sd1").toAbsolutePath().toString(),
			adapters.resolve("sd1_peft.safetensors").toString(), adapters.resolve("ti_one.safetensors").toString()));
		final String text = Provenance.read(result).orElseThrow().get(Provenance.ADAPTERS).orElseThrow();
		assertTrue(text.contains("sd1_peft.safetensors") && text.contains("scale 0.8; textual inversion "), text);
	}

	@Test
	void theResultCacheIsCleared() throws Exception {
		groovy("edit_image.groovy", Map.of("image", open(), "source", "green nuclei", "target", "cyan nuclei"), "result");
		assertTrue((long) groovy("result_cache.groovy", Map.of("clear", false), "bytes") > 0);
		IJ.runMacroFile(EXAMPLES.resolve("result_cache.ijm").toAbsolutePath().toString());
		assertEquals(0L, groovy("result_cache.groovy", Map.of("clear", false), "bytes"));
	}

	@Test
	void modelsLeaveMemoryOnRequest() throws Exception {
		final DiffusionModelService models = SharedContext.get().service(DiffusionModelService.class);
		models.borrow("demo").close();
		IJ.runMacroFile(EXAMPLES.resolve("models_in_memory.ijm").toAbsolutePath().toString(), "");
		assertEquals(List.of(), models.loaded());
		models.borrow("demo").close();
		assertTrue(((String) groovy("models_in_memory.groovy", Map.of(), "report")).startsWith("demo: "));
		assertEquals(List.of(), models.loaded());
	}

	@Test
	void baseAndRefinerWorkTogetherInAMacro() {
		final ImagePlus result = macro("base_and_refiner.ijm", GoldenCase.model("sdxl").toAbsolutePath() + "," + GoldenCase.model("sdxl-refiner").toAbsolutePath());
		assertEquals("edit", Provenance.read(result).orElseThrow().get("what").orElseThrow());
		assertTrue(Provenance.read(result).orElseThrow().get("options").orElseThrow().startsWith("refiner: "));
	}

	@Test
	void aCaptionIsTheSourceOfAnEditInAMacro() {
		final ImagePlus result = macro("caption_then_edit.ijm", GoldenCase.model("blip").toAbsolutePath().toString());
		assertFalse(Provenance.read(result).orElseThrow().get("source").orElseThrow().isBlank());
	}

	@Test
	void meansOfManyPromptsMakeAMaskInAMacro() {
		assertTrue(macro("means_of_many_prompts.ijm", GoldenCase.model("t5").toAbsolutePath().toString()).getStatistics().max >= 1);
	}

	@Test
	void anInversionServesManyEditsInAMacro() {
		final ImagePlus last = macro("invert_once_edit_twice.ijm", image.toString());
		assertEquals("magenta nuclei", Provenance.read(last).orElseThrow().get("target").orElseThrow());
		assertFalse(java.util.Arrays.equals(pixels(open()), pixels(last)));
	}

	@Test
	void aStackIsEditedByAMacro() throws Exception {
		final ImagePlus one = open();
		one.setRoi(0, 0, 64, 64);
		final ImagePlus small = one.crop();
		final ImageStack planes = new ImageStack(64, 64);
		for (int i = 0; i < 2; i++) planes.addSlice("plane " + i, small.getProcessor().duplicate());
		final Path stack = folder.resolve("stack.tif");
		new FileSaver(new ImagePlus("stack", planes)).saveAsTiffStack(stack.toString());
		final ImagePlus edited = macro("edit_stack.ijm", stack.toString());
		assertEquals(2, edited.getStackSize());
		assertEquals("plane 1", edited.getStack().getSliceLabel(2));
		assertFalse(java.util.Arrays.equals((int[]) planes.getPixels(2), (int[]) edited.getStack().getPixels(2)));
	}

	@Test
	void tilesAreMadeByAMacro() {
		final ImagePlus edited = macro("edit_in_tiles.ijm", image.toString());
		assertEquals("64", Provenance.read(edited).orElseThrow().get("tile").orElseThrow());
		assertFalse(java.util.Arrays.equals(pixels(open()), pixels(edited)));
	}

	@Test
	void anEditIsMeasuredByAMacro() throws Exception {
		final String output = Printed.by(() -> macro("measure_edit.ijm", image.toString()));
		assertTrue(output.contains("part 1: area "), output);
	}

	@Test
	void theReportComesFromAScript() throws Exception {
		assertTrue(((String) groovy("check_installation.groovy", Map.of(), "report")).contains("Engine: PyTorch "));
	}
}
