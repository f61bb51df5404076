package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.io.AbstractIOPlugin;
import org.scijava.io.IOPlugin;
import org.scijava.io.location.Location;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;

import ij.IJ;
import ij.ImagePlus;
import ij.Prefs;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;

/** One row in, one output out: done once, whole or not at all, whatever happens to the others. */
class BatchWorkerTest {

	private static final Map<String, String> QUICK = Map.of("source", "green nuclei", "target", "cyan nuclei", "maps", "1", "steps", "2");

	private static Context context;
	@TempDir
	private Path root;
	private Path in, out;
	private BatchWorker worker;

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
		for (int i = 1; i <= 3; i++) IJ.saveAsTiff(small(i), in.resolve(i + ".tif").toString());
		worker = new BatchWorker(context, out);
	}

	/** A corner of a sample. */
	static ImagePlus small(final int number) {
		final ImagePlus sample;
		try (InputStream file = Verb.class.getResourceAsStream("/sc/fiji/diffedit/demo/samples/0" + number + ".png")) {
			sample = new ImagePlus(number + ".png", ImageIO.read(file));
		}
		catch (final IOException e) {
			throw new java.io.UncheckedIOException(e);
		}
		sample.setRoi(0, 0, 64, 64);
		return sample.crop();
	}

	private static BatchRow row(final int number, final Verb verb, final String output, final Object... settings) {
		final TreeMap<String, String> all = new TreeMap<>(verb == Verb.EDIT ? QUICK : Map.of());
		for (int i = 0; i < settings.length; i += 2) all.put((String) settings[i], settings[i + 1].toString());
		return new BatchRow(number, verb, all, output);
	}

	private BatchRow edit(final int number, final Object... settings) {
		final List<Object> all = new ArrayList<>(List.of("image", in.resolve(number + ".tif")));
		all.addAll(List.of(settings));
		return row(number, Verb.EDIT, number + "-edit.tif", all.toArray());
	}

	private Status status(final BatchRow row) {
		final RowResult result = worker.run(row);
		assertEquals(result.status() != Status.FAILED, result.reason().isEmpty(), result.reason());
		return result.status();
	}

	private void failed(final BatchRow row, final String... words) {
		final RowResult result = worker.run(row);
		assertEquals(Status.FAILED, result.status());
		for (final String word : words) assertTrue(result.reason().contains(word), result.reason());
	}

	private List<String> files() throws IOException {
		try (Stream<Path> all = Files.walk(out)) {
			return all.filter(Files::isRegularFile).map(file -> out.relativize(file).toString().replace('\\', '/')).sorted().toList();
		}
	}

	@Test
	void whatIsDoneIsNotDoneAgain() throws IOException {
		assertEquals(Status.DONE, status(edit(1)));
		final byte[] first = Files.readAllBytes(out.resolve("1-edit.tif"));
		assertEquals(List.of(".diffedit/1-edit.tif.json", "1-edit.tif"), files());
		assertEquals("cyan nuclei", Provenance.read(ImageFiles.open(out.resolve("1-edit.tif"))).orElseThrow().get("target").orElseThrow());
		assertEquals(Status.KEPT, status(edit(1)));
		Files.setLastModifiedTime(in.resolve("1.tif"), java.nio.file.attribute.FileTime.fromMillis(0));
		assertEquals(Status.KEPT, new BatchWorker(context, out).run(edit(1)).status(), "another stamp, the same content");
		assertEquals(Status.DONE, status(edit(1, "seed", 3)), "another setting");
		assertFalse(java.util.Arrays.equals(first, Files.readAllBytes(out.resolve("1-edit.tif"))));
		assertEquals(Status.DONE, status(edit(1)));
		assertArrayEquals(first, Files.readAllBytes(out.resolve("1-edit.tif")), "the same request, the same bytes");
		Files.copy(in.resolve("2.tif"), in.resolve("1.tif"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
		assertEquals(Status.DONE, status(edit(1)), "another image under the same name");
		Files.write(out.resolve("1-edit.tif"), new byte[5]);
		assertEquals(Status.DONE, status(edit(1)), "half a file");
		Files.delete(out.resolve("1-edit.tif"));
		assertEquals(Status.DONE, status(edit(1)), "no file");
		Files.writeString(out.resolve(".diffedit/1-edit.tif.json"), "{\"done\": tr");
		assertEquals(Status.DONE, status(edit(1)), "half a record");
	}

	@Test
	void severalFilesAreOneOutput() throws IOException {
		final BatchRow both = row(1, Verb.MASK, "deep/in/m.tif", "image", in.resolve("1.tif"), "source", "green nuclei", "target", "cyan nuclei", "maps", 1, "steps", 2, "heatMap", true);
		assertEquals(Status.DONE, status(both));
		assertEquals(List.of(".diffedit/deep/in/m.tif.json", "deep/in/m-differences.tif", "deep/in/m.tif"), files());
		Files.delete(out.resolve("deep/in/m-differences.tif"));
		assertEquals(Status.DONE, status(both));
		both.settings().remove("heatMap");
		assertEquals(Status.DONE, status(both));
		assertEquals(List.of(".diffedit/deep/in/m.tif.json", "deep/in/m.tif"), files(), "what is no longer asked for goes");
	}

	@Test
	void stacksThatAreTooLargeForTheMemoryStayOnTheDisk() {
		final ImagePlus stack = IJ.createImage("stack", "16-bit ramp", 32, 16, 3);
		stack.getStack().setSliceLabel("second", 2);
		stack.getProcessor().set(3, 3, 4711);
		final Path file = root.resolve("stack.tif");
		ImageFiles.save(stack, file);
		assertFalse(ImageFiles.open(file).getStack().isVirtual());
		final ImagePlus onDisk = ImageFiles.open(file, 100, other -> Optional.empty());
		assertTrue(onDisk.getStack().isVirtual());
		assertEquals("second", onDisk.getStack().getSliceLabel(2));
		for (int i = 1; i <= 3; i++) assertArrayEquals((short[]) stack.getStack().getPixels(i), (short[]) onDisk.getStack().getPixels(i));
		ImageFiles.save(new ImagePlus("one", stack.getProcessor()), file);
		assertFalse(ImageFiles.open(file, 100, other -> Optional.empty()).getStack().isVirtual(), "a single plane is read");
	}

	@Test
	void bytesDoNotDependOnImageJsOptions() throws IOException {
		final ImagePlus image = new ImagePlus("", new ij.process.ShortProcessor(2, 1, new short[] { 1, 2 }, null));
		final boolean chosen = Prefs.intelByteOrder;
		final List<byte[]> written = new ArrayList<>();
		try {
			for (final boolean option : List.of(true, false)) {
				Prefs.intelByteOrder = option;
				ImageFiles.save(image, root.resolve("order.tif"));
				written.add(Files.readAllBytes(root.resolve("order.tif")));
				assertEquals(option, Prefs.intelByteOrder);
			}
		}
		finally {
			Prefs.intelByteOrder = chosen;
		}
		assertArrayEquals(written.get(0), written.get(1));
	}

	/** Whoever can write into the output folder can write anything into a record. */
	@Test
	void damagedRecordsCountAsBegun() throws IOException {
		final BatchRow row = row(1, Verb.TXT2IMG, "new.tif", "prompt", "nuclei", "steps", 1, "width", 64, "height", 64);
		final Path record = out.resolve(Storage.RECORDS).resolve("new.tif.json");
		Files.createDirectories(record.getParent());
		for (final String text : List.of("", "[".repeat(100_000), "{\"done\":true}", "{\"request\":{},\"stamps\":{},\"done\":true,\"files\":[\"../1\"],\"notices\":[]}")) {
			Files.writeString(record, text);
			assertEquals(Status.DONE, status(row), text);
		}
		assertEquals(Status.KEPT, status(row));
	}

	@Test
	void filesOfOthersAreLeftAlone() throws IOException {
		Files.createDirectories(out);
		Files.writeString(out.resolve("1-edit.tif"), "mine");
		failed(edit(1), "was not made by a batch");
		assertEquals("mine", Files.readString(out.resolve("1-edit.tif")));
		failed(row(1, Verb.EDIT, "../in/1.tif", "image", in.resolve("1.tif")), "outside of");
		failed(row(1, Verb.EDIT, ".diffedit/1.tif", "image", in.resolve("1.tif")), "outside of");
		final BatchWorker same = new BatchWorker(context, in);
		assertTrue(same.run(row(1, Verb.EDIT, "1.tif", "image", in.resolve("1.tif"))).reason().contains("would replace the image"));
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
	void linksDoNotLeadOut() throws IOException {
		Files.createDirectories(out);
		Files.createSymbolicLink(out.resolve("link"), in);
		failed(row(1, Verb.EDIT, "link/new/1.tif", "image", in.resolve("1.tif")), "outside of");
		Files.createSymbolicLink(out.resolve("1-edit.tif"), in.resolve("3.tif"));
		failed(edit(1), "outside of");
		assertFalse(Files.exists(in.resolve("new")));
	}

	@Test
	void oneFailureDoesNotStopTheRest() throws IOException {
		Files.writeString(in.resolve("2.tif"), "no image");
		Files.write(in.resolve("3.tif"), java.util.Arrays.copyOf(Files.readAllBytes(in.resolve("3.tif")), 4000));
		final List<BatchRow> rows = List.of(edit(4), edit(2), row(5, Verb.CAPTION, "c.txt", "image", in.resolve("1.tif"), "model", "absent"), edit(1));
		final Summary done = new Summary(new Batch(worker, silent(), () -> false).run(rows));
		assertEquals("1 done, 3 failed", done.sentence());
		assertTrue(done.results().get(0).reason().contains("4.tif"), done.results().get(0).reason());
		assertTrue(done.results().get(1).reason().contains("2.tif is damaged or not of a format"), done.results().get(1).reason());
		assertTrue(done.results().get(2).reason().contains("absent"), done.results().get(2).reason());
		done.write(out);
		final List<String> lines = Files.readAllLines(out.resolve(Summary.FILE));
		assertEquals("row,operation,image,output,status,reason,seconds,notices", lines.get(0));
		assertTrue(lines.get(4).startsWith("1,edit," + in.resolve("1.tif") + ",1-edit.tif,done,,"), lines.get(4));
		assertEquals("failed", done.table().getStringValue("status", 1));
	}

	private static Batch.Listener silent() {
		return listener(left -> {}, () -> {});
	}

	private static Batch.Listener listener(final Consumer<Optional<Duration>> started, final Runnable finished) {
		return new Batch.Listener() {

			@Override
			public void started(final BatchRow row, final int done, final int total, final Optional<Duration> left) {
				started.accept(left);
			}

			@Override
			public void finished(final RowResult result) {
				finished.run();
			}
		};
	}

	@Test
	void itStopsAfterTheImage() {
		final AtomicBoolean stop = new AtomicBoolean();
		final List<Optional<Duration>> left = new ArrayList<>();
		final Summary done = new Summary(new Batch(worker, listener(left::add, () -> stop.set(left.size() == 2)), stop::get).run(List.of(edit(1), edit(2), edit(3))));
		assertEquals("2 done, 1 stopped", done.sentence());
		assertEquals(List.of(false, true), left.stream().map(Optional::isPresent).toList(), "one image tells how long the others will take");
	}

	@Test
	void cancellingLeavesNothing() throws IOException {
		final Run run = new Run("batch");
		run.cancel();
		assertThrows(CancelledException.class, () -> run.call(() -> worker.run(edit(1))));
		assertEquals(List.of(), files());
		assertEquals("3 stopped", new Summary(run.call(() -> new Batch(worker, silent(), () -> false).run(List.of(edit(1), edit(2), edit(3))))).sentence());
		assertEquals(Status.DONE, status(edit(1)));
	}

	/** Of a stack a command keeps the planes that are done; a batch makes all of them or none. */
	@Test
	void aPartOfAStackIsNoOutput() throws IOException {
		final ImagePlus stack = IJ.createImage("stack", "32-bit ramp", 64, 64, 3);
		stack.getStack().getProcessor(2).set(Double.NaN);
		IJ.saveAsTiff(stack, in.resolve("stack.tif").toString());
		final BatchRow row = row(1, Verb.EDIT, "stack.tif", "image", in.resolve("stack.tif"), "planes", "all");
		failed(row, "Only 1 of 3 planes is done");
		assertEquals(List.of(".diffedit/stack.tif.json"), files());
		IJ.saveAsTiff(IJ.createImage("stack", "32-bit ramp", 64, 64, 3), in.resolve("stack.tif").toString());
		assertEquals(Status.DONE, status(row));
		assertEquals(3, ImageFiles.open(out.resolve("stack.tif")).getStackSize());
	}

	@Test
	void whatSomebodyElseIsDoingIsWaitedFor() throws Exception {
		final Path lock = out.resolve(".diffedit/1-edit.tif.lock");
		final Claim claim = Claim.take(lock).orElseThrow();
		assertEquals(Status.BUSY, status(edit(1)));
		final List<RowResult> results = new ArrayList<>();
		final Thread batch = new Thread(() -> results.addAll(new Batch(worker, listener(left -> {}, claim::close), () -> false).run(List.of(edit(1), edit(2)))));
		batch.start();
		batch.join();
		assertEquals(List.of(Status.DONE, Status.DONE), results.stream().map(RowResult::status).toList());
		assertEquals(List.of(1, 2), results.stream().map(result -> result.row().number()).toList());
		assertFalse(Files.exists(lock));
	}

	@Test
	void filesOfUnknownFormatsAreLeftToBioFormats() throws IOException {
		assertEquals("from Bio-Formats", ImageFiles.open(Files.writeString(in.resolve("cells.xyz"), "?")).getTitle());
	}

	/** In the place of SCIFIO. */
	public static final class PixelLists extends AbstractIOPlugin<Object> {

		@Override
		public Class<Object> getDataType() {
			return Object.class;
		}

		@Override
		public boolean supportsOpen(final Location source) {
			return source.getName().endsWith(".pixels");
		}

		@Override
		public Object open(final Location source) throws IOException {
			final String text = Files.readString(Path.of(source.getURI()));
			return text.startsWith("?") ? text : small(Integer.parseInt(text));
		}
	}

	@Test
	void formatsThatOnlyTheContextKnowsAreOpenedByIt() throws IOException {
		final PluginInfo<?> plugin = PluginInfo.create(PixelLists.class, IOPlugin.class);
		final Path text = Files.writeString(in.resolve("text.pixels"), "?");
		context.service(PluginService.class).addPlugin(plugin);
		try {
			assertEquals(64, ImageFiles.open(Files.writeString(in.resolve("cells.pixels"), "3"), context).getWidth());
			assertThrows(DiffEditException.class, () -> ImageFiles.open(text, context), "texts are no images");
			assertThrows(DiffEditException.class, () -> ImageFiles.open(text), "without a context nobody knows the format");
		}
		finally {
			context.service(PluginService.class).removePlugin(plugin);
		}
	}

	@Test
	void wordsMakeImagesAndImagesMakeWords() throws IOException {
		assertEquals(Status.DONE, status(row(1, Verb.TXT2IMG, "words.tif", "prompt", "green nuclei", "width", 64, "height", 64, "steps", 1)));
		assertEquals(64, ImageFiles.open(out.resolve("words.tif")).getWidth());
		assertEquals(Status.DONE, status(row(2, Verb.CAPTION, "c.txt", "image", in.resolve("1.tif"), "model", sc.fiji.diffedit.GoldenCase.model("blip"), "words", 3)));
		assertFalse(Files.readString(out.resolve("c.txt")).isBlank());
	}

	/** Cells that a spreadsheet would take for formulas are texts in the summary. */
	@Test
	void formulasAreTexts() throws IOException {
		final StringBuilder csv = new StringBuilder();
		new Summary(List.of(new RowResult(row(1, Verb.CAPTION, "=cmd|x.txt", "image", "-2+3.png"), Status.FAILED, "@bad, \"very\"", List.of(), 0))).print(csv);
		assertEquals("1,caption,'-2+3.png,'=cmd|x.txt,failed,\"'@bad, \"\"very\"\"\",0.0,", csv.toString().lines().toList().get(1));
	}
}
