package sc.fiji.diffedit.schedulers;

import java.util.Arrays;

import sc.fiji.diffedit.config.Config;

/** Words of a config that have a few meanings. */
final class ConfigWords {

	private ConfigWords() {}

	/** Throws unless a key has one of some words, which all mean the same; the first is the default. */
	static void oneOf(final Config config, final String key, final String... words) {
		if (!Arrays.asList(words).contains(config.getString(key, words[0]))) throw config.unsupported(key, words[0]);
	}

	/** Whether a key has the second of two words; the first is the default. */
	static boolean second(final Config config, final String key, final String first, final String second) {
		final String word = config.getString(key, first);
		if (!word.equals(first) && !word.equals(second)) throw config.unsupported(key, first + " or " + second);
		return word.equals(second);
	}
}
