package sc.fiji.diffedit;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file of names and values that saves later processes some work. It may be deleted: what cannot be read is as if it were not
 * there, and what cannot be written is only logged.
 *
 * @param file created at the first {@link #write}
 */
public record CacheRecord(Path file) {

	private static final Logger LOG = LoggerFactory.getLogger(CacheRecord.class);

	/** What the file has; empty if it is missing or damaged. */
	public Properties read() {
		final Properties all = new Properties();
		try (Reader in = Files.newBufferedReader(file)) {
			all.load(in);
			return all;
		}
		catch (final IOException | IllegalArgumentException e) {
			LOG.debug("Nothing is read from {}: {}", file, e.toString());
			return new Properties();
		}
	}

	/**
	 * Replaces the file.
	 *
	 * @param about what stands in it, for those who open it
	 */
	public void write(final Map<String, String> values, final String about) {
		final Properties all = new Properties();
		all.putAll(values);
		try {
			WholeFile.replaceShared(file, file.getParent(), part -> {
				try (Writer out = Files.newBufferedWriter(part)) {
					all.store(out, about + "; may be deleted");
				}
			});
		}
		catch (final IOException e) {
			LOG.debug("{} is not written: {}", file, e.toString());
		}
	}
}
