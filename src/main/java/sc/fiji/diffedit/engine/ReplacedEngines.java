package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;
import org.slf4j.LoggerFactory;

/**
 * Engines that were set aside for newer ones. A folder cannot take the place of another in one step, so a process may be killed when the old
 * engine is away and the new one not there yet: the old one then comes back. All but {@link #settleIfFree} needs the {@link EngineLock}.
 */
public final class ReplacedEngines {

	private static final String NAME = ".replaced-";

	private final Path root;

	/** @param root the folder that holds one folder per build */
	public ReplacedEngines(final Path root) {
		this.root = root;
	}

	/** Takes a build out of its place, in one step. Returns its folder from then on. */
	public Path setAside(final Path folder) throws IOException {
		delete(CudaRuntime.links(folder));
		return Files.move(folder, Files.createTempDirectory(root, NAME).resolve(folder.getFileName()), StandardCopyOption.ATOMIC_MOVE);
	}

	/** Puts back what was set aside and has no successor, and deletes the rest. */
	public void settle() throws IOException {
		for (final Path aside : all()) {
			try (Stream<Path> builds = Files.list(aside)) {
				for (final Path build : builds.toList()) {
					final Path place = root.resolve(build.getFileName());
					if (Files.notExists(place)) Files.move(build, place, StandardCopyOption.ATOMIC_MOVE);
				}
			}
			deleteIfPossible(aside);
		}
	}

	/** {@link #settle}, unless there is nothing to do, an installation goes on or nothing can be written here. */
	void settleIfFree() {
		try {
			if (all().isEmpty()) return;
			final Optional<EngineLock> lock = EngineLock.tryTake(root);
			if (lock.isEmpty()) return;
			try (EngineLock mine = lock.get()) {
				settle();
			}
		}
		catch (final IOException e) {
			LoggerFactory.getLogger(ReplacedEngines.class).debug("The engine folder is read-only", e);
		}
	}

	/** The last one that was set aside first. */
	private List<Path> all() throws IOException {
		try (Stream<Path> all = Files.list(root)) {
			return all.filter(path -> path.getFileName().toString().startsWith(NAME)).sorted(Comparator.comparing((Path path) -> path.toFile().lastModified()).reversed()).toList();
		}
	}

	/** Windows keeps libraries that a process has loaded; the next installation deletes them. */
	private static void deleteIfPossible(final Path folder) {
		try {
			delete(folder);
		}
		catch (final IOException e) {
			LoggerFactory.getLogger(ReplacedEngines.class).debug("Not deleted: {}", folder, e);
		}
	}

	private static void delete(final Path folder) throws IOException {
		if (Files.exists(folder)) PathUtils.deleteDirectory(folder);
	}
}
