package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;

import ij.IJ;

import sc.fiji.diffedit.fiji.Provenance;

/** The command over the worker, as scripts call it. */
class BatchFolderTest {

	private static Context context;
	@TempDir
	private Path root;
	private Path in, out;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@BeforeEach
	void images() throws IOException {
		in = Files.createDirectory(root.resolve("in"));
		out = root.resolve("out");
		for (int i = 1; i <= 2; i++) IJ.saveAsTiff(BatchWorkerTest.small(i), in.resolve(i + ".tif").toString());
	}

	private CommandModule run(final Object... more) throws Exception {
		final java.util.Map<String, Object> inputs = new java.util.HashMap<>(java.util.Map.of("folder", in.toString(), "output", out.toString(), "target", "cyan nuclei", "settings", "maps=1 steps=2"));
		for (int i = 0; i < more.length; i += 2) inputs.put((String) more[i], more[i + 1]);
		return context.service(CommandService.class).run(BatchFolder.class, true, inputs).get();
	}

	private static String sentence(final CommandModule done) {
		return ((Summary) done.getOutput("summary")).sentence();
	}

	@Test
	void theFormAndTheTableBothSaySettings() throws Exception {
		final Path table = Files.writeString(root.resolve("t.csv"), "image,source,target\n1.tif,green nuclei,\n2.tif,red rods,blue rods\n");
		final CommandModule done = run("table", table.toString(), "names", "{target}/{name}");
		assertEquals("2 done", sentence(done), done.getCancelReason());
		final Provenance first = Provenance.read(ImageFiles.open(out.resolve("cyan nuclei/1.tif"))).orElseThrow(), second = Provenance.read(ImageFiles.open(out.resolve("blue rods/2.tif"))).orElseThrow();
		assertEquals(List.of("green nuclei", "red rods"), List.of(first.get("source").orElseThrow(), second.get("source").orElseThrow()));
		assertEquals("1", second.get("maps").orElseThrow());
		assertTrue(Files.exists(out.resolve("summary.csv")));
		assertEquals("2 kept", sentence(run("table", table.toString(), "names", "{target}/{name}")));
	}

	@Test
	void everyChoiceIsAVerb() {
		final List<Verb> verbs = sc.fiji.diffedit.fiji.inputs.FormInfo.of(BatchFolder.class).getInput("operation").getChoices().stream().map(choice -> Verb.of(choice.toString())).toList();
		assertEquals(List.of(Verb.EDIT, Verb.MASK, Verb.INVERT, Verb.IMG2IMG, Verb.INPAINT, Verb.TXT2IMG, Verb.CAPTION), verbs);
	}

	@Test
	void aPromptIsWhatShouldBeThere() throws Exception {
		assertEquals("2 done", sentence(run("operation", "img2img", "settings", "steps=2", "source", "is not asked for")));
		assertEquals("cyan nuclei", Provenance.read(ImageFiles.open(out.resolve("1-img2img.tif"))).orElseThrow().get("prompt").orElseThrow());
	}

	@Test
	void whatIsWrongIsSaidBeforeAnythingIsWritten() throws Exception {
		for (final Object[] wrong : new Object[][] { { "settings", "map=1", "'map' is not a setting of edit; the nearest are maps, " }, { "settings", "maps=many", "Row 1 (1-edit.tif): 'Comparisons' (maps) is 'many'" },
			{ "files", "*.czi", "no file *.czi" }, { "names", "../{name}", "within the output folder" }, { "output", in.toString(), "another folder" } }) {
			final CommandModule refused = run("source", "x", wrong[0], wrong[1]);
			assertTrue(refused.isCanceled() && refused.getCancelReason().contains((String) wrong[2]), refused.getCancelReason());
		}
		assertTrue(run("source", "x", "folder", "").getCancelReason().contains("Nothing is named as the folder of the images"));
		assertTrue(run("source", "").getCancelReason().contains("edit needs 'source'"));
		assertFalse(Files.exists(out));
	}
}
