package sc.fiji.diffedit.fiji.batch;

import java.io.Serializable;
import java.util.TreeMap;

/**
 * One piece of work, complete in itself: it can be done by any process that reaches its files.
 *
 * @param number from 1 on
 * @param verb what is done
 * @param settings texts by the names of the verb's inputs; images as paths
 * @param output the file to write, relative to the output folder, with / between its parts
 */
public record BatchRow(int number, Verb verb, TreeMap<String, String> settings, String output) implements Serializable {

	/** The image to work on; empty for verbs without. */
	public String image() {
		return settings.getOrDefault(Verb.IMAGE, "");
	}
}
