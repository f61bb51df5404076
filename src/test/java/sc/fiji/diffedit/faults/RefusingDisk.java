package sc.fiji.diffedit.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.faults.Written.Way;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;

/**
 * Lets weights be offloaded to a disk that is full, and then files of each kind be written on it when it can only be read. Prints a line for
 * each: {@code good}, or what was wrong. A program of its own, as {@link FullDisk}, whose temporary folder is on that disk.
 */
final class RefusingDisk {

	private static final int LEFT = 100_000, BLOCK = 1 << 16;
	private static final String PLAIN = "preset=fast;packed=off", OFFLOADED = PLAIN + ";offload=leaf+disk";

	private RefusingDisk() {}

	/** Takes the mount point of the disk. */
	public static void main(final String[] arguments) throws Exception {
		final Path disk = Path.of(arguments[0]), here = Files.createDirectories(disk.resolve("here"));
		System.out.println("offload: " + offloaded(disk));
		if (new ProcessBuilder("mount", "-o", "remount,ro", disk.toString()).inheritIO().start().waitFor() != 0) throw new IOException("not mounted again");
		for (final Map.Entry<String, Way> way : Written.ways().entrySet()) System.out.println(way.getKey() + ": " + refused(way.getValue(), here));
		System.exit(0);
	}

	private static String offloaded(final Path disk) throws IOException {
		final float[] plain = pixels(PLAIN);
		final Path ballast = disk.resolve("ballast"), temporary = Path.of(System.getProperty("java.io.tmpdir"));
		try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
			while (disk.toFile().getUsableSpace() > LEFT) file.write(new byte[BLOCK]);
		}
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(model(OFFLOADED))) {
			lease.textToImage(request(), StepListener.NONE);
			return "it had room";
		}
		catch (final DiffEditException e) {
			if (!e.getMessage().contains("cannot be offloaded to " + temporary) || !e.getMessage().contains("make room")) return "it says: " + e.getMessage();
		}
		try (Stream<Path> left = Files.list(temporary)) {
			final long count = left.filter(path -> path.getFileName().toString().startsWith("diffedit-offload")).count();
			if (count > 0) return count + " folders are left";
		}
		Files.delete(ballast);
		return Arrays.equals(plain, pixels(OFFLOADED)) ? "good" : "other bits with room again";
	}

	private static TextToImageRequest request() {
		return TextToImageRequest.of("a red square").withWidth(32).withHeight(32).withNumInferenceSteps(1);
	}

	private static LoadOptions model(final String plan) {
		return LoadOptions.of(GoldenCase.model("sd1").toString()).withMemory(MemoryPlan.parse(plan));
	}

	private static float[] pixels(final String plan) {
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(model(plan))) {
			return lease.textToImage(request(), StepListener.NONE).image().values();
		}
	}

	private static String refused(final Way way, final Path folder) {
		try {
			way.write(folder, 0);
			return "it was written";
		}
		catch (final DiffEditException e) {
			return e.getMessage().contains("ead-only file system") ? "good" : "it says: " + e.getMessage();
		}
		catch (final Exception | LinkageError e) {
			return "an exception that is not ours: " + e;
		}
	}
}
