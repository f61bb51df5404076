package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;

/**
 * The right to make one output, which one thread of one process has at a time. It is a lock on a file, which the system releases
 * when the process ends in whatever way. The file is deleted with the claim; a claim on a file that somebody has just deleted is none.
 */
final class Claim implements Storage.Turn {

	/** Locks belong to the whole process, so its threads must not ask for the same one. */
	private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();
	private static final int MOST_BYTES = 1 << 16;

	private final Path file;
	private final FileChannel channel;

	private Claim(final Path file, final FileChannel channel) {
		this.file = file;
		this.channel = channel;
	}

	/**
	 * Takes a claim, without waiting.
	 *
	 * @param lock the file to lock; its folder is made
	 * @return empty if somebody else has it
	 */
	static Optional<Claim> take(final Path lock) {
		final Path file = lock.toAbsolutePath().normalize();
		if (!HERE.add(file)) return Optional.empty();
		Optional<Claim> claim = Optional.empty();
		try {
			Files.createDirectories(file.getParent());
			claim = lock(file);
			return claim;
		}
		catch (final IOException e) {
			throw new DiffEditException("The output folder cannot be used (" + WholeFile.reason(e) + "); choose one where files can be written and locked.", e);
		}
		finally {
			if (claim.isEmpty()) HERE.remove(file);
		}
	}

	private static Optional<Claim> lock(final Path file) throws IOException {
		final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		boolean mine = false;
		try {
			final FileLock lock = channel.tryLock();
			mine = lock != null && isThere(file, channel);
			return mine ? Optional.of(new Claim(file, channel)) : Optional.empty();
		}
		catch (final OverlappingFileLockException e) {
			return Optional.empty();
		}
		finally {
			if (!mine) channel.close();
		}
	}

	/**
	 * Whether the locked file is the one under this name: its last owner may have deleted it in between. The size it gets now tells;
	 * it must not be opened a second time, since the system would release the lock with whichever is closed first.
	 */
	private static boolean isThere(final Path file, final FileChannel channel) throws IOException {
		final int size = ThreadLocalRandom.current().nextInt(1, MOST_BYTES);
		channel.write(ByteBuffer.allocate(1), size - 1L);
		try {
			return Files.size(file) == size;
		}
		catch (final NoSuchFileException e) {
			return false;
		}
		finally {
			channel.truncate(0);
		}
	}

	/** Windows refuses to delete a file that is open; there it stays behind, empty. */
	@Override
	public void close() {
		try (channel) {
			Files.deleteIfExists(file);
		}
		catch (final IOException e) {
			// an empty file stays
		}
		finally {
			HERE.remove(file);
		}
	}
}
