package sc.fiji.diffedit.fiji.batch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;

/**
 * A line of a table with the settings that are common to all lines.
 *
 * @param settings by names of inputs, without the image
 */
record RowTexts(Verb verb, Optional<String> image, Optional<String> output, Map<String, String> settings) {

	/**
	 * Sorts the cells of a line.
	 *
	 * @param common by names as they are written; a line's own settings count more
	 * @throws DiffEditException if a column is no setting of the verb
	 */
	static RowTexts of(final Map<String, String> line, final Verb verb, final Map<String, String> common) {
		final Verb own = cell(line, BatchPlan.OPERATION).map(Verb::of).orElse(verb);
		final Map<String, String> settings = new LinkedHashMap<>();
		common.forEach((key, text) -> settings.put(own.setting(key), text));
		line.forEach((column, text) -> {
			if (!isReserved(column)) settings.put(own.setting(column), text);
		});
		own.form(settings.keySet());                          // refuses what does not go together
		final Optional<String> image = Optional.ofNullable(settings.remove(Verb.IMAGE));
		return new RowTexts(own, image, cell(line, BatchPlan.OUTPUT), settings);
	}

	private static boolean isReserved(final String column) {
		return List.of(BatchPlan.OPERATION, BatchPlan.OUTPUT).contains(Verb.plain(column));
	}

	private static Optional<String> cell(final Map<String, String> line, final String name) {
		return line.entrySet().stream().filter(cell -> Verb.plain(cell.getKey()).equals(name)).map(Map.Entry::getValue).findFirst();
	}
}
