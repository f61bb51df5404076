package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How numbers come from weight files. A mapped file costs no memory of its own and no time to open, but must not be cut or
 * overwritten while it is in use, and a connection that breaks or a stick that is pulled out ends the program: files on such
 * drives are copied.
 */
public enum WeightAccess {

	/** Mapped from the machine's own drives, copied from network drives and sticks. */
	AUTOMATIC,
	/** Memory-mapped on every kind of drive. */
	MAPPED,
	/** Each tensor gets memory of its own when it is first needed. */
	COPIED;

	/** Names of network file systems and of user-space file systems. */
	private static final List<String> REMOTE = List.of("nfs", "cifs", "smb", "9p", "afs", "afpfs", "ceph", "gluster", "lustre",
		"webdav", "davfs", "ncpfs", "sshfs", "vboxsf", "prl_fs", "virtiofs", "beegfs", "gpfs", "macfuse", "osxfuse", "fuse.");

	/** The file systems of sticks and cards. */
	private static final List<String> STICKS = List.of("vfat", "exfat", "fat", "msdos");

	/** Whether the tensors of a file are copied. */
	public boolean copies(final Path file) {
		return this == COPIED || this == AUTOMATIC && mayGo(file);
	}

	private static boolean mayGo(final Path file) {
		try {
			final Path real = file.toRealPath();
			return real.toString().startsWith("\\\\") || mayGo(Files.getFileStore(real).type());
		}
		catch (final IOException e) {
			return false; // opening the file reports the error
		}
	}

	/** Whether a name of a file system, as {@link java.nio.file.FileStore#type()} gives it, is that of a network drive or of a stick. */
	static boolean mayGo(final String type) {
		final String name = type.toLowerCase(Locale.ROOT);
		return name.equals("fuse") || REMOTE.stream().anyMatch(name::startsWith) || STICKS.stream().anyMatch(name::startsWith);
	}
}
