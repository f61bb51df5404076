package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.engine.EngineLock;
import sc.fiji.diffedit.hub.DownloadProgress;

/**
 * The right to change what is installed in a folder, for which others wait. It has temporary folders, which are deleted with it; so are those
 * that killed processes have left.
 */
final class InstallTurn implements AutoCloseable {

	private static final String TEMPORARY = ".installing-";
	private static final int POLL_MILLIS = 200;

	private final Path root;
	private final EngineLock lock;
	private final List<Path> folders = new ArrayList<>();

	private InstallTurn(final Path root, final EngineLock lock) throws IOException {
		this.root = root;
		this.lock = lock;
		folders.addAll(leftBehind());
	}

	/**
	 * Waits for its turn.
	 *
	 * @param progress is called several times a second, and may cancel
	 * @throws IOException if nothing can be written to the folder
	 */
	static InstallTurn take(final Path root, final DownloadProgress progress) throws IOException {
		try {
			Optional<EngineLock> lock = EngineLock.tryTake(root);
			while (lock.isEmpty()) {
				progress.at("Waiting for another installation", 0, -1);
				Thread.sleep(POLL_MILLIS);
				lock = EngineLock.tryTake(root);
			}
			return new InstallTurn(root, lock.get());
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}

	private List<Path> leftBehind() throws IOException {
		try (Stream<Path> all = Files.list(root)) {
			return all.filter(path -> path.getFileName().toString().startsWith(TEMPORARY)).toList();
		}
	}

	/** A new folder on the same disk as the installed engines. */
	Path folder() throws IOException {
		folders.add(Files.createTempDirectory(root, TEMPORARY));
		return folders.get(folders.size() - 1);
	}

	@Override
	public void close() throws IOException {
		try (lock) {
			folders.forEach(InstallTurn::delete);
		}
	}

	/** Windows keeps libraries that a process has loaded; the next installation deletes them. */
	private static void delete(final Path folder) {
		try {
			Unpacking.delete(folder);
		}
		catch (final IOException e) {
			LoggerFactory.getLogger(InstallTurn.class).debug("Not deleted: {}", folder, e);
		}
	}
}
