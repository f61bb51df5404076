package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;

import sc.fiji.diffedit.FileStamp;

/**
 * The libraries of an installed build. Loading a damaged library crashes the JVM, so the files are compared with their state at
 * installation. Stamps are compared first; checksums, which read every byte, only where stamps differ.
 */
final class EngineFiles {

	private static final String DIGEST = "sha256.";

	private final Path folder;

	EngineFiles(final Path folder) {
		this.folder = folder;
	}

	/** A stamp of all files of the build, which changes with any of them; empty if they cannot be read. */
	String stamp() {
		final Map<String, FileStamp> stamps = new TreeMap<>();
		try (Stream<Path> files = Files.list(folder)) {
			for (final Path file : files.toList()) {
				final String name = file.getFileName().toString();
				if (!name.equals(InstalledEngines.RECORD)) stamps.put(name, FileStamp.of(file));
			}
			return DigestUtils.sha256Hex(stamps.toString());
		}
		catch (final IOException e) {
			return "";
		}
	}

	/** Adds the checksum of each file to the record of a build. */
	void describe(final Properties record) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			for (final Path file : files.toList()) record.setProperty(DIGEST + file.getFileName(), sha256(file));
		}
	}

	/** Names of files that do not have the checksum of the record; empty if all are intact. Only files of the folder itself are looked at. */
	List<String> damaged(final Properties record) {
		final Map<String, Path> files = byName();
		return record.stringPropertyNames().stream().filter(key -> key.startsWith(DIGEST)).map(key -> key.substring(DIGEST.length()))
			.filter(name -> !isWhole(files.get(name), record.getProperty(DIGEST + name))).sorted().toList();
	}

	private Map<String, Path> byName() {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(Files::isRegularFile).collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));
		}
		catch (final IOException e) {
			return Map.of();
		}
	}

	private static boolean isWhole(final Path file, final String digest) {
		try {
			return file != null && sha256(file).equals(digest);
		}
		catch (final IOException e) {
			return false;
		}
	}

	private static String sha256(final Path file) throws IOException {
		return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(file);
	}
}
