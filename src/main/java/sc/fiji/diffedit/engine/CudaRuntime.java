package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import com.sun.jna.NativeLibrary;

/**
 * DJL counts GPUs by the name {@code cudart}, which Linux finds only where the CUDA toolkit is installed, although every CUDA build
 * of libtorch contains the library under a longer name. A link with the short name in the build's folder makes a driver sufficient.
 */
final class CudaRuntime {

	private CudaRuntime() {}

	static void letJnaFind(final Path folder) {
		try {
			final Optional<Path> own = find(folder);
			if (own.isEmpty()) return;
			final Path links = Files.createDirectories(links(folder));
			final Path link = links.resolve(System.mapLibraryName("cudart"));
			if (!Files.exists(link)) Files.createSymbolicLink(link, own.get().toAbsolutePath());
			NativeLibrary.addSearchPath("cudart", links.toString());
		}
		catch (final IOException | UnsupportedOperationException | LinkageError e) {
			org.slf4j.LoggerFactory.getLogger(CudaRuntime.class).debug("No link to the CUDA runtime", e);
		}
	}

	/** Beside a build's folder. */
	static Path links(final Path folder) {
		return folder.resolveSibling(folder.getFileName() + ".links");
	}

	private static Optional<Path> find(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(file -> file.getFileName().toString().matches("libcudart.*\\.so.*")).findFirst();
		}
	}
}
