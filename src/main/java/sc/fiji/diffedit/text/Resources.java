package sc.fiji.diffedit.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.OneLine;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.weights.ModelFolder;

/** Resources that are opened together and closed together, in reverse order: networks before the files they are mapped from. */
final class Resources implements AutoCloseable {

	/** Keys of the configs of BLIP and T5 that change no numbers here. */
	static final KnownNames WRITER_KEYS = KnownNames.read(KnownNames.class, "writer-keys.txt");
	private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

	private final Deque<AutoCloseable> parts = new ArrayDeque<>();

	/** Creates an object from resources that are closed at once if creation fails. */
	static <T> T with(final Function<Resources, T> making) {
		final Resources opened = new Resources();
		try {
			return making.apply(opened);
		}
		catch (final RuntimeException | Error e) {
			opened.close();
			throw e;
		}
	}

	/**
	 * Logs the settings of a config that nothing has read.
	 *
	 * @param harmless such as change nothing
	 */
	static void tellUnread(final Config config, final KnownNames harmless) {
		final List<String> unknown = harmless.unknown(config.unread());
		if (!unknown.isEmpty()) LOG.warn("{} has settings that are not known here ({}); texts may differ from other programs'.", OneLine.of(config.source()), OneLine.of(KnownNames.some(unknown)));
	}

	/** The config of a folder that holds a single model of the given {@code model_type}. */
	static Config config(final ModelFolder folder, final String type) {
		final Config config = folder.config(ModelFolder.WHOLE);
		final String found = config.getString("model_type", type);
		if (found.equals(type)) return config;
		throw new DiffEditException(config.source() + " describes a model of the kind '" + found + "'; choose a folder with one of the kind '" + type + "'.");
	}

	<T extends AutoCloseable> T keep(final T part) {
		parts.push(part);
		return part;
	}

	@Override
	public void close() {
		RuntimeException first = null;
		while (!parts.isEmpty()) {
			try {
				parts.pop().close();
			}
			catch (final Exception e) {
				if (first == null) first = new DiffEditException("A model could not be freed (" + e.getMessage() + ").", e);
			}
		}
		if (first != null) throw first;
	}
}
