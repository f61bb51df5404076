package sc.fiji.diffedit.fiji.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.fiji.SeveralValues;
import sc.fiji.diffedit.pipelines.EditRequest;

/** Several edits of one mask: one for each pair of a seed and an amount of change. */
public final class Edits {

	private static final String SEED = "seed", STRENGTH = "strength";

	private Edits() {}

	/**
	 * The settings of each edit.
	 *
	 * @param common what all have
	 * @param seeds such as {@code 7}, {@code 1 to 4} or {@code 1, 5, 9}
	 * @param strengths amounts of change in (0, 1], such as {@code 0.8} or {@code 0.5, 0.7, 0.9}
	 * @throws sc.fiji.diffedit.DiffEditException if these cannot be read, or are too many
	 */
	public static List<Map<String, Object>> settings(final Map<String, Object> common, final String seeds, final String strengths) {
		final List<Map<String, Object>> all = new ArrayList<>();
		final List<Long> allSeeds = SeveralValues.seeds(seeds);
		final List<Double> allStrengths = SeveralValues.strengths(strengths);
		SeveralValues.requireFew(allSeeds.size() * allStrengths.size());
		for (final double strength : allStrengths) {
			for (final long seed : allSeeds) {
				final Map<String, Object> one = new LinkedHashMap<>(common);
				one.put(SEED, seed);
				one.put(STRENGTH, strength);
				all.add(one);
			}
		}
		return all;
	}

	/** What sets each of these apart from the others of its mask: its seed, and its amount of change too if one of them has not the usual one. */
	public static List<String> captions(final List<Edit> edits) {
		final boolean withStrength = edits.stream().anyMatch(edit -> edit.strength() != EditRequest.DEFAULTS.inpaintStrength());
		return edits.stream().map(edit -> edit.caption(withStrength)).toList();
	}

	/** The amount of change among the settings of an edit. */
	static double strength(final Map<String, Object> settings) {
		return (double) settings.getOrDefault(STRENGTH, EditRequest.DEFAULTS.inpaintStrength());
	}
}
