package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import sc.fiji.diffedit.FileStamp;

/**
 * Verifies cached files by their hash, since the right size is no proof. Large files take a while, so each file is hashed once per
 * process and later recognised by its stamp.
 */
final class Whole {

	private static final Map<Path, Known> KNOWN = new ConcurrentHashMap<>();

	private record Known(FileStamp stamp, String hash) {}

	private Whole() {}

	/** False if it is missing or has another size or content. */
	static boolean is(final Path path, final RemoteFile file) throws IOException {
		if (!Files.isRegularFile(path) || Files.size(path) != file.size()) return false;
		final Path real = path.toRealPath();
		final Known now = new Known(FileStamp.of(real), file.hash());
		if (now.equals(KNOWN.get(real))) return true;
		if (!Expected.of(file).found(real).equals(file.hash())) return false;
		KNOWN.put(real, now);
		return true;
	}
}
