package sc.fiji.diffedit.fiji.commands;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.ImagePlus;
import ij.VirtualStack;
import ij.gui.OvalRoi;
import ij.io.FileSaver;
import ij.plugin.FileInfoVirtualStack;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;

import sc.fiji.diffedit.fiji.inputs.Commands;

/**
 * Edits a virtual stack of 100 planes of 16 bits in a Java of little memory, into a file: {@code scripts/verify-long} runs it with a heap in
 * which the stack would not fit by far. Prints the most heap in use; ends with an error if a plane is missing or has not changed.
 */
final class StackMemory {

	private static final int PLANES = 100, EDGE = 1024, CELL = 64;

	private StackMemory() {}

	public static void main(final String[] arguments) throws IOException {
		final Path folder = Path.of(arguments[0]);
		final ImagePlus stack = written(folder.resolve("stack.tif"));
		stack.setRoi(new OvalRoi(100, 100, CELL, CELL));
		try (Context context = new Context()) {
			final Map<String, Object> inputs = new HashMap<>(Map.of("image", stack, "planes", "all", "stackFolder", folder.toString(), "workOn", "Selection",
				"maps", 1, "steps", 2, "thresholdRatio", 1.0, "show", "Nothing", "seed", 1L));
			inputs.putAll(Map.of("model", "demo", "source", "green nuclei", "target", "cyan nuclei"));
			final CommandModule done = Commands.run(context, EditImageWithText.class, inputs);
			if (done.isCanceled()) throw new IllegalStateException(done.getCancelReason());
			check(stack, (ImagePlus) done.getOutput("result"));
		}
		final long most = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
		System.out.printf("%d planes of %d x %d pixels with 16 bits, %d MB: edited in a heap of %d MB, of which at most %d MB were in use%n", PLANES, EDGE, EDGE,
			2L * PLANES * EDGE * EDGE >> 20, Runtime.getRuntime().maxMemory() >> 20, most >> 20);
	}

	/** Planes are made when they are written, so that not even the test has them all. */
	private static ImagePlus written(final Path file) {
		final VirtualStack planes = new VirtualStack(EDGE, EDGE) {

			@Override
			public ImageProcessor getProcessor(final int n) {
				final ShortProcessor plane = new ShortProcessor(EDGE, EDGE);
				plane.setValue(1000 + n);
				plane.fill(new OvalRoi(110, 110 + n % 20, 30, 30));
				return plane;
			}

			@Override
			public int size() {
				return PLANES;
			}

			@Override
			public int getSize() {
				return PLANES;
			}

			@Override
			public String getSliceLabel(final int n) {
				return "plane " + n;
			}
		};
		planes.setBitDepth(16);
		if (!new FileSaver(new ImagePlus("stack", planes)).saveAsTiffStack(file.toString())) throw new IllegalStateException(file + " cannot be written");
		return FileInfoVirtualStack.openVirtual(file.toString());
	}

	private static void check(final ImagePlus stack, final ImagePlus result) throws IOException {
		if (result.getStackSize() != PLANES || !result.getStack().isVirtual()) throw new IllegalStateException(result + " has " + result.getStackSize() + " planes");
		int changed = 0;
		for (int n = 1; n <= PLANES; n++) {
			final short[] was = (short[]) stack.getStack().getPixels(n), is = (short[]) result.getStack().getPixels(n);
			if (!Arrays.equals(was, is)) changed++;
			if (!("plane " + n).equals(result.getStack().getSliceLabel(n))) throw new IllegalStateException("the label of plane " + n + " is " + result.getStack().getSliceLabel(n));
		}
		if (changed < PLANES / 2) throw new IllegalStateException("only " + changed + " planes have changed");
		try (Stream<Path> files = Files.list(Path.of(result.getOriginalFileInfo().directory))) {
			if (files.anyMatch(file -> file.getFileName().toString().contains(".part"))) throw new IllegalStateException("files are left behind");
		}
	}
}
