package sc.fiji.diffedit.fiji.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.text.ClipTokenizer;

/**
 * The tokenizer that was asked for last: forms ask at every letter that is typed, and reading one takes longer than that. It is read
 * again when a file of its folder has changed, and gives way to the next one.
 */
final class KeptTokenizer {

	private static Optional<KeptTokenizer> kept = Optional.empty();

	private final Path folder;
	private final Map<Path, FileStamp> stamps;
	private final ClipTokenizer tokenizer;

	private KeptTokenizer(final Path folder, final Map<Path, FileStamp> stamps) {
		this.folder = folder;
		this.stamps = stamps;
		this.tokenizer = ClipTokenizer.read(folder);
	}

	/** The words at the end of a text that a model with the tokenizer in this folder would not read. */
	static synchronized String cut(final Path folder, final String text) {
		return of(folder).cut(text);
	}

	static synchronized ClipTokenizer of(final Path folder) {
		final Map<Path, FileStamp> now = stamps(folder);
		if (kept.filter(last -> last.folder.equals(folder) && last.stamps.equals(now)).isEmpty()) {
			kept.ifPresent(last -> last.tokenizer.close());
			kept = Optional.empty();
			kept = Optional.of(new KeptTokenizer(folder, now));
		}
		return kept.get().tokenizer;
	}

	private static Map<Path, FileStamp> stamps(final Path folder) {
		final Map<Path, FileStamp> stamps = new TreeMap<>();
		try (Stream<Path> files = Files.list(folder)) {
			for (final Path file : files.toList()) stamps.put(file, FileStamp.of(file));
			return stamps;
		}
		catch (final IOException e) {
			throw new DiffEditException(folder + " cannot be read (" + e.getMessage() + "); choose a complete model folder.", e);
		}
	}
}
