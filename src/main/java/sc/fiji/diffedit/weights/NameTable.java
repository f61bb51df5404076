package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import sc.fiji.diffedit.config.ResourceLines;

/**
 * The names of modules in diffusers and in original checkpoints, in both directions, for a network of a given shape. The
 * pairs are data: {@code original-names.txt} beside this class. The numbers in its names are
 * <ul>
 * <li>{@code i}, {@code j}: level and layer in the level, as diffusers counts them</li>
 * <li>{@code in}, {@code in-end}: place in {@code input_blocks} of a layer and of what ends its level</li>
 * <li>{@code out}, {@code out-end}: the same in {@code output_blocks}</li>
 * <li>{@code up-slot}: 2 behind an attention, else 1</li>
 * <li>{@code from-last}: the level, counted from the last</li>
 * </ul>
 */
final class NameTable {

	private static final Map<String, List<String[]>> SECTIONS = read();

	private final TreeMap<String, String> toOriginal = new TreeMap<>();
	private final TreeMap<String, String> toDiffusers = new TreeMap<>();

	/**
	 * The names of a network.
	 *
	 * @param section heading in {@code original-names.txt}
	 * @param levels number of levels (of layers for a text encoder)
	 * @param layers layers per level on the way down
	 * @param attentionUp the levels on the way up that have attention
	 */
	NameTable(final String section, final int levels, final int layers, final Set<Integer> attentionUp) {
		for (final String[] row : SECTIONS.get(section)) {
			for (int i = 0; i < (row[0].contains("{i}") ? levels : 1); i++) {
				for (int j = 0; j < (row[0].contains("{j}") ? layers + 1 : 1); j++) add(row, numbers(i, j, levels, layers, attentionUp));
			}
		}
	}

	private static Map<String, Integer> numbers(final int i, final int j, final int levels, final int layers, final Set<Integer> attentionUp) {
		final int start = i * (layers + 1);
		return Map.of("{i}", i, "{j}", j, "{in}", 1 + start + j, "{in-end}", 1 + start + layers, "{out}", start + j, "{out-end}", start + layers,
			"{up-slot}", attentionUp.contains(i) ? 2 : 1, "{from-last}", levels - 1 - i);
	}

	private void add(final String[] row, final Map<String, Integer> numbers) {
		final String diffusers = fill(row[0], numbers);
		final String original = fill(row[1], numbers);
		if (row.length == 2) add(diffusers, original);
		else for (final String[] inner : SECTIONS.get(row[2])) add(diffusers + "." + inner[0], original + "." + inner[1]);
	}

	/** On the way down a level has one layer less than on the way up: its last place belongs to the downsampler, which comes later in the table. */
	private void add(final String diffusers, final String original) {
		toOriginal.put(diffusers + ".", original + ".");
		toDiffusers.put(original + ".", diffusers + ".");
	}

	private static String fill(final String template, final Map<String, Integer> numbers) {
		String text = template;
		for (final Map.Entry<String, Integer> number : numbers.entrySet()) text = text.replace(number.getKey(), number.getValue().toString());
		return text;
	}

	/** The original name of a tensor or module, if the table has one. */
	Optional<String> toOriginal(final String diffusers) {
		return replace(toOriginal, diffusers);
	}

	/** The name in diffusers of a tensor or module of an original checkpoint, if the table has one. */
	Optional<String> toDiffusers(final String original) {
		return replace(toDiffusers, original);
	}

	/** Replaces the longest prefix in the table. */
	private static Optional<String> replace(final TreeMap<String, String> table, final String name) {
		for (int dot = name.length(); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
			final String head = name.substring(0, dot) + ".";
			if (table.containsKey(head)) {
				final String rest = dot == name.length() ? "" : name.substring(dot + 1);
				final String whole = table.get(head) + rest;
				return Optional.of(rest.isEmpty() ? whole.substring(0, whole.length() - 1) : whole);
			}
		}
		return Optional.empty();
	}

	private static Map<String, List<String[]>> read() {
		final Map<String, List<String[]>> sections = new HashMap<>();
		List<String[]> section = null;
		for (final String line : ResourceLines.of(NameTable.class, "original-names.txt")) {
			if (line.startsWith("[")) sections.put(line.substring(1, line.indexOf(']')), section = new ArrayList<>());
			else section.add(line.split("\\s+"));
		}
		return sections;
	}
}
