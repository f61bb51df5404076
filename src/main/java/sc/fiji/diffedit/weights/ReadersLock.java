package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

import sc.fiji.diffedit.RegularFile;

/**
 * Keeps other programs from writing into a file while its numbers are in use. Only Windows forbids what is locked; elsewhere
 * locks are an agreement among programs that ask for them, and none that copies or downloads files does.
 */
final class ReadersLock implements AutoCloseable {

	static final ReadersLock NONE = new ReadersLock(null);

	private final FileChannel channel;

	private ReadersLock(final FileChannel channel) {
		this.channel = channel;
	}

	/** A lock that lets all read; none where it would not help. */
	static ReadersLock of(final Path file) {
		return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("win") ? everywhere(file) : NONE;
	}

	/** The same on every system; none where the system has no locks for this file. */
	static ReadersLock everywhere(final Path file) {
		try {
			final FileChannel channel = FileChannel.open(RegularFile.require(file), StandardOpenOption.READ);
			try {
				if (channel.tryLock(0, Long.MAX_VALUE, true) != null) return new ReadersLock(channel);
			}
			catch (final IOException | OverlappingFileLockException e) {
				// another model of this program holds the file, or the drive does not support locks
			}
			channel.close();
		}
		catch (final IOException e) {
			// opening the file reports why it cannot be read
		}
		return NONE;
	}

	@Override
	public void close() {
		try {
			if (channel != null) channel.close();
		}
		catch (final IOException e) {
			throw new IllegalStateException(e);
		}
	}
}
