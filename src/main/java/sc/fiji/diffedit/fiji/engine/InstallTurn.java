package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.hub.DownloadProgress;

/**
 * The right to change what is installed in a folder, which one thread of one process has at a time; others wait for it. It has temporary
 * folders, which are deleted with it; so are those that killed processes have left.
 */
final class InstallTurn implements AutoCloseable {

	private static final String LOCK = ".lock", TEMPORARY = ".installing-";
	private static final int POLL_MILLIS = 200;

	private final Path root;
	private final FileChannel channel;
	private final List<Path> folders = new ArrayList<>();

	private InstallTurn(final Path root, final FileChannel channel) {
		this.root = root;
		this.channel = channel;
	}

	/**
	 * Waits for its turn.
	 *
	 * @param progress is called several times a second, and may cancel
	 * @throws IOException if nothing can be written to the folder
	 */
	static InstallTurn take(final Path root, final DownloadProgress progress) throws IOException {
		Files.createDirectories(root);
		final FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		boolean mine = false;
		try {
			final InstallTurn turn = new InstallTurn(root, channel);
			while (!turn.hasCome()) {
				progress.at("Waiting for another installation", 0, -1);
				Thread.sleep(POLL_MILLIS);
			}
			mine = true;
			return turn;
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
		finally {
			if (!mine) channel.close();
		}
	}

	/** Whether nobody else has the lock, in this process or in another one. On a disk that has no locks everybody may install. */
	private boolean hasCome() {
		try {
			if (channel.tryLock() == null) return false;
			folders.addAll(leftBehind());
			return true;
		}
		catch (final OverlappingFileLockException e) {
			return false;
		}
		catch (final IOException e) {
			return true;
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
		try (channel) {
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
