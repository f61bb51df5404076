package sc.fiji.diffedit.fiji.commands;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

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
 * Edits a virtual stack of 16 bits in a Java of little memory: {@code scripts/verify-long} runs it with 100 planes and a heap in which the
 * stack would not fit by far, {@link StackMemoryTest} with a small one. Prints the most heap in use; ends with an error if a plane is missing
 * or has not changed, or if the result is in memory.
 */
final class StackMemory {

	private static final int CELL = 64;

	private final int planes;
	private final int edge;

	private StackMemory(final int planes, final int edge) {
		this.planes = planes;
		this.edge = edge;
	}

	/** Takes a folder for the stack, the number of its planes and their width and height; and the folder for results, if they are to go to one. */
	public static void main(final String[] arguments) throws IOException {
		new StackMemory(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])).run(Path.of(arguments[0]), arguments.length > 3 ? arguments[3] : "");
	}

	private void run(final Path folder, final String results) throws IOException {
		final ImagePlus stack = written(folder.resolve("stack.tif"));
		stack.setRoi(new OvalRoi(100, 100, CELL, CELL));
		try (Context context = new Context()) {
			final Map<String, Object> inputs = new HashMap<>(Map.of("image", stack, "planes", "all", "stackFolder", results, "workOn", "Selection",
				"maps", 1, "steps", 2, "thresholdRatio", 1.0, "show", "Nothing", "seed", 1L));
			inputs.putAll(Map.of("model", "demo", "source", "green nuclei", "target", "cyan nuclei"));
			final CommandModule done = Commands.run(context, EditImageWithText.class, inputs);
			if (done.isCanceled()) throw new IllegalStateException(done.getCancelReason());
			check(stack, (ImagePlus) done.getOutput("result"));
		}
		final long most = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
		System.out.printf("%d planes of %d x %d pixels with 16 bits, %d MB: edited in a heap of %d MB, of which at most %d MB were in use%n", planes, edge, edge,
			2L * planes * edge * edge >> 20, Runtime.getRuntime().maxMemory() >> 20, most >> 20);
	}

	/** Planes are made when they are written, so that not even the test has them all. */
	private ImagePlus written(final Path file) {
		final VirtualStack made = new VirtualStack(edge, edge) {

			@Override
			public ImageProcessor getProcessor(final int n) {
				final ShortProcessor plane = new ShortProcessor(edge, edge);
				plane.setValue(1000 + n);
				plane.fill(new OvalRoi(110, 110 + n % 20, 30, 30));
				return plane;
			}

			@Override
			public int size() {
				return planes;
			}

			@Override
			public int getSize() {
				return planes;
			}

			@Override
			public String getSliceLabel(final int n) {
				return "plane " + n;
			}
		};
		made.setBitDepth(16);
		if (!new FileSaver(new ImagePlus("stack", made)).saveAsTiffStack(file.toString())) throw new IllegalStateException(file + " cannot be written");
		return FileInfoVirtualStack.openVirtual(file.toString());
	}

	private void check(final ImagePlus stack, final ImagePlus result) {
		if (result.getStackSize() != planes || !result.getStack().isVirtual()) throw new IllegalStateException(result + " has " + result.getStackSize() + " planes");
		int changed = 0;
		for (int n = 1; n <= planes; n++) {
			final short[] was = (short[]) stack.getStack().getPixels(n), is = (short[]) result.getStack().getPixels(n);
			if (!Arrays.equals(was, is)) changed++;
			if (!("plane " + n).equals(result.getStack().getSliceLabel(n))) throw new IllegalStateException("the label of plane " + n + " is " + result.getStack().getSliceLabel(n));
		}
		if (changed < planes / 2) throw new IllegalStateException("only " + changed + " planes have changed");
	}
}
