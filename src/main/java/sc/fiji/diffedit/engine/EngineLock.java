package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The right to change what is installed in a folder, which one thread of one process has at a time. */
public final class EngineLock implements AutoCloseable {

	private static final String FILE = ".lock";
	/** Locks of files belong to a process, and closing any channel to the file gives them up: within this one, folders are locked here. */
	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	private final Path root;
	private final FileChannel channel;

	private EngineLock(final Path root, final FileChannel channel) {
		this.root = root;
		this.channel = channel;
	}

	/**
	 * Takes the lock if nobody has it. On a disk that has no locks, only this process's threads exclude each other.
	 *
	 * @param folder of the installed engines; made if it is missing
	 * @throws IOException if nothing can be written to the folder
	 */
	public static Optional<EngineLock> tryTake(final Path folder) throws IOException {
		final Path root = Files.createDirectories(folder).toRealPath();
		if (!HELD.add(root)) return Optional.empty();
		Optional<EngineLock> lock = Optional.empty();
		try {
			final FileChannel channel = FileChannel.open(root.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			if (isMine(channel)) lock = Optional.of(new EngineLock(root, channel));
			else channel.close();
			return lock;
		}
		finally {
			if (lock.isEmpty()) HELD.remove(root);
		}
	}

	private static boolean isMine(final FileChannel channel) {
		try {
			final FileLock lock = channel.tryLock();
			return lock != null;
		}
		catch (final IOException e) {
			return true;
		}
	}

	@Override
	public void close() throws IOException {
		try {
			channel.close();
		}
		finally {
			HELD.remove(root);
		}
	}
}
