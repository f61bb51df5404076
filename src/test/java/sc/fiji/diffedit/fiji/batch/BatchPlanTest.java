package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;

/** Which rows come of a folder and a table. */
class BatchPlanTest {

	@TempDir
	private Path root;
	private Path in, out;

	@BeforeEach
	void folder() throws IOException {
		in = Files.createDirectory(root.resolve("in"));
		out = in.resolve("edited");
		for (final String name : List.of("b.TIF", "a.png", ".hidden.png", "notes.txt", "day 2/c.tif", "edited/old.tif")) {
			Files.createDirectories(in.resolve(name).getParent());
			Files.createFile(in.resolve(name));
		}
	}

	private static SettingsTable table(final String text) throws IOException {
		return SettingsTable.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "t.csv");
	}

	private List<String> outputs(final BatchPlan plan) {
		return plan.rows().stream().map(BatchRow::output).toList();
	}

	private static void refused(final BatchPlan plan, final String... words) {
		final String message = assertThrows(DiffEditException.class, plan::rows).getMessage();
		for (final String word : words) assertTrue(message.contains(word), message);
	}

	@Test
	void allImagesOfAFolderInOrder() {
		assertEquals(List.of("a-edit.tif", "b-edit.tif"), outputs(BatchPlan.of(Verb.EDIT, in, out)));
		assertEquals(List.of("a-caption.txt", "b-caption.txt"), outputs(BatchPlan.of(Verb.CAPTION, in, out)));
	}

	/** Outputs of the batch before are no images to do, hidden files neither. */
	@Test
	void foldersWithinKeepTheirNames() {
		assertEquals(List.of("a-edit.tif", "b-edit.tif", "day 2/c-edit.tif"), outputs(BatchPlan.of(Verb.EDIT, in, out).withFiles("**/*.{tif,png}")));
	}

	@Test
	void aTableWithoutImagesIsForEachImage() throws IOException {
		final List<BatchRow> rows = BatchPlan.of(Verb.EDIT, in, out).withTable(table("target,Seed\ncyan nuclei,\nred nuclei,5\n")).withCommon(Map.of("source", "nuclei", "seed", "1"))
			.withNames("{name}-{target}").rows();
		assertEquals(List.of("a-cyan nuclei.tif", "b-cyan nuclei.tif", "a-red nuclei.tif", "b-red nuclei.tif"), rows.stream().map(BatchRow::output).toList());
		assertEquals(List.of("1", "1", "5", "5"), rows.stream().map(row -> row.settings().get("seed")).toList());
		assertEquals(in.resolve("a.png").toString(), rows.get(2).image());
	}

	@Test
	void aTableNamesImagesAndOutputs() throws IOException {
		final List<BatchRow> rows = BatchPlan.of(Verb.EDIT, in, out).withTable(table("image,operation,output,threshold-ratio,drawn mask\n"
			+ "day 2/c.tif,mask,masks/{name},4,\nabsent.tif,,,,\n*.tif,inpaint,{name} {row},,masks/{name}.png\n")).rows();
		assertEquals(List.of("masks/c.tif", "absent-edit.tif", "b 3.tif"), rows.stream().map(BatchRow::output).toList());
		assertEquals(List.of(Verb.MASK, Verb.EDIT, Verb.INPAINT), rows.stream().map(BatchRow::verb).toList());
		assertEquals("4", rows.get(0).settings().get("thresholdRatio"));
		assertEquals(in.resolve("masks/b.png").toString(), rows.get(2).settings().get("drawnMask"));
	}

	@Test
	void wordsAloneNeedNoImage() throws IOException {
		final List<BatchRow> rows = BatchPlan.of(Verb.TXT2IMG, in, out).withTable(table("prompt,seed\na cell,1\na cell,2\n")).withNames("{prompt}/{seed}").rows();
		assertEquals(List.of("a cell/1.tif", "a cell/2.tif"), rows.stream().map(BatchRow::output).toList());
	}

	@Test
	void whatIsWrongIsSaidBeforeAnythingIsDone() throws IOException {
		final BatchPlan plan = BatchPlan.of(Verb.EDIT, in, out);
		refused(plan.withTable(table("image,tresholdRatio\na.png,3\n")), "'tresholdRatio' is not a setting of edit", "the nearest are thresholdRatio, ");
		refused(plan.withCommon(Map.of("promt", "x")), "'promt' is not a setting of edit");
		refused(plan.withTable(table("operation\nedti\n")), "no operation 'edti'", "the nearest is 'edit'");
		refused(plan.withTable(table("target\nx\ny\n")), "Rows 1 and 3 would both write a-edit.tif", "{row}");
		refused(plan.withTable(table("image,output\na.png,../x\n")), "within the output folder");
		refused(plan.withFiles("*.czi"), "no file *.czi");
		refused(plan.withFiles("[*.tif"), "not a pattern");
		refused(plan.withCommon(Map.of("drawnMask", "m.png", "maps", "3")), "do not go together");
		refused(BatchPlan.of(Verb.EDIT, in, in), "another folder");
		refused(BatchPlan.of(Verb.EDIT, in.resolve("absent"), out), "no folder");
	}
}
