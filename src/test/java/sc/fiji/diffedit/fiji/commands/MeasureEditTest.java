package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.fiji.inputs.Commands;

/** The command that measures edits; {@code EditMeasurementTest} has the numbers. */
class MeasureEditTest {

	private static Context context;

	@TempDir
	Path folder;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	private static ImagePlus image(final String title, final int value, final Roi where) {
		final ByteProcessor pixels = new ByteProcessor(20, 10);
		pixels.setValue(value);
		pixels.fill(where);
		return new ImagePlus(title, pixels);
	}

	@Test
	void tablesAreOutputsFilesAndImageJsResults() throws IOException {
		final ImagePlus before = image("before", 50, new Roi(2, 2, 4, 4)), after = image("after", 90, new Roi(2, 2, 4, 4)), truth = image("truth", 255, new Roi(2, 2, 4, 8));
		before.setRoi(2, 2, 4, 4);
		final File csv = folder.resolve("parts.csv").toFile();
		final CommandModule done = Commands.run(context, MeasureEdit.class, "image", before, "after", after, "referenceFrom", "Reference image", "reference", truth, "csv", csv);
		assertFalse(done.isCanceled(), done::getCancelReason);
		final ResultsTable parts = (ResultsTable) done.getOutput("parts"), overlap = (ResultsTable) done.getOutput("overlap");
		assertEquals(40, parts.getValue("Mean difference", 0));
		assertEquals(0.5, overlap.getValue("IoU", 0));
		assertEquals(parts, Analyzer.getResultsTable(), "macros read it by getResult");
		final List<String> lines = Files.readAllLines(csv.toPath());
		assertTrue(lines.get(0).contains("Part,Area,X,Y,Mean before,IntDen before,RawIntDen before,Mean after"), lines.get(0));
		assertEquals(2, lines.size());
		assertTrue(Files.readString(folder.resolve("parts-overlap.csv")).contains("IoU"));
		assertTrue(done.isOutputResolved("parts"));
	}

	@Test
	void anImageAfterIsNotNeeded() {
		final CommandModule done = Commands.run(context, MeasureEdit.class, "image", image("before", 50, new Roi(2, 2, 4, 4)), "maskFrom", "Mask image",
			"drawnMask", image("labels", 3, new Roi(2, 2, 2, 2)));
		final ResultsTable parts = (ResultsTable) done.getOutput("parts");
		assertEquals(4, parts.getValue("Area", 0));
		assertFalse(parts.columnExists("Mean after"));
		assertNull(done.getOutput("overlap"));
	}

	@Test
	void anImageThatIsGivenIsUsedWithoutItsChoice() {
		final ImagePlus before = image("before", 50, new Roi(2, 2, 4, 4));
		before.setRoi(0, 0, 9, 9);
		final CommandModule done = Commands.run(context, MeasureEdit.class, "image", before, "drawnMask", image("labels", 3, new Roi(2, 2, 2, 2)));
		assertEquals(4, ((ResultsTable) done.getOutput("parts")).getValue("Area", 0), "the labels, not the selection");
		final CommandModule chosen = Commands.run(context, MeasureEdit.class, "image", before, "maskFrom", "Selection", "drawnMask", image("labels", 3, new Roi(2, 2, 2, 2)));
		assertEquals(81, ((ResultsTable) chosen.getOutput("parts")).getValue("Area", 0), "what is said counts");
	}

	@Test
	void withoutASelectionASentenceSaysWhatToDo() {
		final CommandModule done = Commands.run(context, MeasureEdit.class, "image", image("before", 50, new Roi(2, 2, 4, 4)));
		assertEquals("\"before\" has no selection; draw an area on it first.", done.getCancelReason());
	}
}
