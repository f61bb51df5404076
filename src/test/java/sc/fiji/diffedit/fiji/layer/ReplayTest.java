package sc.fiji.diffedit.fiji.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.script.ScriptInfo;
import org.scijava.script.ScriptModule;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.OvalRoi;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.bridge.HeadlessMenus;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.tensor.Mask;

/** A macro and a script about a mask with corrections and an edit within it make the same pixels again. */
class ReplayTest {

	private static final int W = 40, H = 32;
	private static final Map<String, Object> FIND = Map.of("source", "green nuclei", "target", "cyan nuclei", "maps", 1, "steps", 2, "threshold", "Ratio", "thresholdRatio", 1.0, "seed", 5L, "smallest", 3, "grow", 1.0);
	private static final Map<String, Object> EDIT = Map.of("source", "green nuclei", "target", "cyan nuclei", "steps", 2, "seed", 9L, "strength", 0.7, "feather", 2.0);

	private static Context context;
	private ImagePlus image;

	@BeforeAll
	static void start() {
		HeadlessMenus.install();
		context = SharedContext.get();
	}

	@AfterAll
	static void end() {
		SharedContext.dispose();
	}

	@BeforeEach
	void open() {
		image = IJ.createImage("cells.tif", "RGB black", W, H, 3);
		image.setSlice(2);
		image.getProcessor().setColor(0x00a000);
		image.getProcessor().fill(new OvalRoi(8, 6, 16, 14));
		WindowManager.setTempCurrentImage(image);
	}

	@AfterEach
	void close() {
		WindowManager.setTempCurrentImage(null);
	}

	private Mask found(final Optional<Mask> within) {
		if (within.isPresent()) image.setRoi(Masks.toRoi(within.get()));
		final Module module = module(GenerateMask.class, find(within));
		module.setInput("image", image);
		module.setInput("labels", false);
		module.run();
		image.deleteRoi();
		return Masks.of((Roi) module.getOutput("roi"), W, H);
	}

	private static Map<String, Object> find(final Optional<Mask> within) {
		final Map<String, Object> find = new LinkedHashMap<>(FIND);
		if (within.isPresent()) find.put("workOn", "Selection");
		return find;
	}

	private static Module module(final Class<? extends org.scijava.command.Command> command, final Map<String, Object> settings) {
		final Module module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command));
		settings.forEach(module::setInput);
		return module;
	}

	private Edit edit(final Mask mask) {
		final EditJob job = EditJob.of(image, Snapshot.of(image), mask, List.of(EDIT));
		final Module module = module(EditWithMask.class, job.inputs(0));
		job.prepare((EditWithMask) module.getDelegateObject(), picture -> {});
		module.run();
		return job.edit(0, module);
	}

	/** With a ring added, a square taken out of it, and a corner of the image. */
	private static Mask corrected(final Mask mask) {
		final float[] values = mask.values().clone();
		for (int y = 0; y < H; y++) {
			for (int x = 0; x < W; x++) {
				final int ring = Math.max(Math.abs(x - 30), Math.abs(y - 20));
				if (ring == 5 || ring == 6 || x + y < 4) values[y * W + x] = 1;
				if (ring < 3 || x > 10 && x < 14 && y > 9 && y < 16) values[y * W + x] = 0;
			}
		}
		return new Mask(W, H, values);
	}

	private void assertReplays(final Optional<Mask> within, final boolean isFound) throws Exception {
		final Mask base = isFound ? found(within) : Mask.filled(W, H, 0), mask = corrected(base);
		final Edit edit = edit(mask);
		final Optional<Replay.Found> found = isFound ? Optional.of(new Replay.Found(find(within), base, within)) : Optional.empty();
		final Replay replay = new Replay("cells.tif", Optional.of(edit.at()), found, mask, Optional.of(edit.settings()));
		image.setSlice(1);
		image.setRoi(1, 1, 3, 3);
		final String title = IJ.runMacro("setBatchMode(true);\n" + replay.macro(context) + "return getTitle();");
		final ImagePlus byMacro = WindowManager.getTempCurrentImage() == null ? WindowManager.getCurrentImage() : WindowManager.getTempCurrentImage();
		assertTrue(title.startsWith("cells - edit"), title + " of\n" + replay.macro(context));
		assertSame(edit, byMacro);
		assertArrayEquals(mask.values(), Masks.of(image.getRoi(), W, H).values(), "the mask of the macro");
		image.setSlice(1);
		image.setRoi(1, 1, 3, 3);
		WindowManager.setTempCurrentImage(image);
		assertSame(edit, (ImagePlus) ((Module) script(replay.groovy(context))).getOutput("result"));
	}

	/** On this thread, whose image is the active one. */
	private static Object script(final String text) throws Exception {
		final ScriptModule script = new ScriptInfo(context, "replay.groovy", new StringReader(text)).createModule();
		context.inject(script);
		script.setInput("commands", context.service(CommandService.class));
		script.run();
		return script.getReturnValue();
	}

	private static void assertSame(final Edit edit, final ImagePlus again) {
		assertArrayEquals((int[]) edit.result().getProcessor().getPixels(), (int[]) again.getProcessor().getPixels());
		assertEquals(edit.made().entries(), Provenance.read(again).orElseThrow().entries(), "and it was made in the same way");
	}

	@Test
	void aFoundMaskWithCorrections() throws Exception {
		assertReplays(Optional.empty(), true);
	}

	@Test
	void aMaskThatWasLookedForWithinASelection() throws Exception {
		assertReplays(Optional.of(Masks.of(new OvalRoi(4, 2, 28, 24), W, H)), true);
	}

	@Test
	void aMaskThatWasOnlyDrawn() throws Exception {
		assertReplays(Optional.empty(), false);
	}

	@Test
	void correctionsMayLeaveNothingOfTheFoundMaskOrOfTheRest() {
		final Mask base = Masks.of(new OvalRoi(8, 6, 16, 14), W, H);
		assertMaskReplays(base, Mask.filled(W, H, 1));
		final float[] rest = base.values().clone();
		for (int i = 0; i < rest.length; i++) rest[i] = 1 - rest[i];
		assertMaskReplays(base, new Mask(W, H, rest));
		assertMaskReplays(Mask.filled(W, H, 1), base);
	}

	private void assertMaskReplays(final Mask base, final Mask mask) {
		final Replay replay = new Replay("cells.tif", Optional.empty(), Optional.of(new Replay.Found(find(Optional.empty()), base, Optional.empty())), mask, Optional.empty());
		final String found = replay.macro(context).replaceFirst("run\\(\"Generate.*", "");
		image.setRoi(Masks.toRoi(base));
		IJ.runMacro(found);
		assertArrayEquals(mask.values(), Masks.of(image.getRoi(), W, H).values(), replay.macro(context));
	}

	@Test
	void withoutCorrectionsThereAreTwoCalls() {
		final Mask mask = Mask.filled(W, H, 1);
		final Replay replay = new Replay("my \"cells\"\n.tif", Optional.empty(), Optional.of(new Replay.Found(Map.of("source", "a", "target", "b"), mask, Optional.empty())), mask, Optional.of(Map.of("target", "b", "seed", 3L)));
		assertEquals("""
			// DiffEdit on "my "cells" .tif"; works on the active image.
			run("Generate Mask...", "source=a target=b seed=0 labels=false model=demo");
			run("Edit With Mask...", "target=b seed=3 model=demo");
			""", replay.macro(context));
	}
}
