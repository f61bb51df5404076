package sc.fiji.diffedit.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.file.PathUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.faults.Written.Way;

/**
 * Writes files of each kind on a small disk with less and less room, and prints a line for each kind: {@code good}, or what was wrong. A
 * program of its own, since only the process in whose namespace a disk was mounted sees it.
 */
final class FullDisk {

	private static final int PAGE = 4096;
	private static final int BLOCK = 1 << 20;
	/** What may be there beside: what has arrived of a download, locks, and folders. */
	private static final String KEPT = ".*[.](incomplete|part|tag|lock)";

	private final Path disk;
	private final Path folder;
	private final Path ballast;

	private FullDisk(final Path disk) {
		this.disk = disk;
		folder = disk.resolve("here");
		ballast = disk.resolve("ballast");
	}

	/** Takes the mount point of the small disk, an archive of an engine or a dash for none, and how much of the room that is needed is there. */
	public static void main(final String[] arguments) throws Exception {
		final FullDisk small = new FullDisk(Path.of(arguments[0]));
		final Map<String, Way> ways = Written.ways();
		if (!arguments[1].equals("-")) ways.put("engine", Written.engine(Path.of(arguments[1])));
		final double[] rooms = Stream.of(arguments).skip(2).mapToDouble(Double::parseDouble).toArray();
		for (final Map.Entry<String, Way> way : ways.entrySet()) System.out.println(way.getKey() + ": " + small.judged(way.getValue(), rooms));
		System.exit(0);
	}

	private String judged(final Way way, final double[] rooms) throws Exception {
		try {
			final Map<String, String> complete = complete(way);
			for (final double room : rooms) {
				final String wrong = tried(way, room, complete);
				if (!wrong.isEmpty()) return "with " + room + " of the room: " + wrong;
			}
			return "good";
		}
		finally {
			Files.deleteIfExists(ballast);
			PathUtils.deleteDirectory(folder);
		}
	}

	private void clear() throws IOException {
		Files.deleteIfExists(ballast);
		if (Files.exists(folder)) PathUtils.deleteDirectory(folder);
		Files.createDirectories(folder);
	}

	/** The second version, written with enough room. */
	private Map<String, String> complete(final Way way) throws Exception {
		clear();
		way.write(folder, 1);
		return contents();
	}

	/** First with enough room, to know how much it needs; then again with other contents, where a part of that is left. */
	private String tried(final Way way, final double room, final Map<String, String> complete) throws Exception {
		clear();
		final long free = disk.toFile().getUsableSpace();
		way.write(folder, 0);
		final long needed = free - disk.toFile().getUsableSpace();
		final Map<String, String> before = contents();
		fill((long) (room * needed) / PAGE * PAGE);
		final String said = message(way);
		if (said.isEmpty()) return wrong(complete, contents(), complete);                       // what was there has given its room
		if (!said.matches(".*(mak(e|ing) room|free some space|are free).*")) return "it says: " + said;
		final String wrong = wrong(before, contents(), complete);
		if (!wrong.isEmpty()) return wrong;
		Files.deleteIfExists(ballast);
		way.write(folder, 1);
		return "";
	}

	/** Each file is what it was, or what it should become. */
	private static String wrong(final Map<String, String> before, final Map<String, String> after, final Map<String, String> complete) {
		for (final String name : before.keySet()) {
			if (!name.matches(KEPT) && !after.containsKey(name)) return name + " is gone";
		}
		for (final Map.Entry<String, String> file : after.entrySet()) {
			final String name = file.getKey();
			final boolean folder = name.endsWith("/") && !name.matches(".*/?[.](unpacking|installing|damaged|part)-.*|.*[.]partial/");
			if (name.matches(KEPT) || folder || file.getValue().equals(before.get(name)) || file.getValue().equals(complete.get(name))) continue;
			return name + (before.containsKey(name) ? " is another" : " is left");
		}
		return "";
	}

	private static String describe(final Throwable e) {
		return e instanceof DiffEditException ? e.getMessage() : "an exception that is not ours: " + e;
	}

	private String message(final Way way) {
		try {
			way.write(folder, 1);
			return "";
		}
		catch (final Exception | LinkageError e) {
			return describe(e);
		}
	}

	private void fill(final long room) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
			for (final byte[] bytes : new byte[][] { new byte[BLOCK], new byte[PAGE] }) {
				while (disk.toFile().getUsableSpace() >= room + bytes.length) file.write(bytes);
			}
		}
	}

	private Map<String, String> contents() throws IOException {
		final Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> all = Files.walk(folder)) {
			for (final Path path : all.filter(path -> !path.equals(folder)).toList()) {
				final String name = folder.relativize(path).toString();
				if (Files.isRegularFile(path)) contents.put(name, DigestUtils.sha256Hex(Files.readAllBytes(path)));
				else contents.put(name + "/", "");
			}
		}
		return contents;
	}
}
