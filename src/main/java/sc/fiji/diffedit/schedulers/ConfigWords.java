package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;

/** Words of a config that have a few meanings. */
final class ConfigWords {

	private ConfigWords() {}

	/** Whether a key has the second of two words; the first is the default. */
	static boolean second(final Config config, final String key, final String first, final String second) {
		final String word = config.getString(key, first);
		if (!word.equals(first) && !word.equals(second)) throw config.unsupported(key, first + " or " + second);
		return word.equals(second);
	}
}
