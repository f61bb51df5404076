package sc.fiji.diffedit.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/** Shared code of prompt encoders: checks, deduplication of prompts, pieces of long prompts. */
final class Prompts {

	private Prompts() {}

	static void check(final List<String> prompts, final List<String> prompts2) {
		if (prompts.isEmpty()) throw new DiffEditException("There is no prompt; give at least one text, which may be empty.");
		if (prompts.size() != prompts2.size()) {
			throw new DiffEditException(Counted.there(prompts.size(), "prompt") + ", but " + prompts2.size()
				+ " for the second text encoder; give as many, or none.");
		}
		prompts.forEach(p -> Objects.requireNonNull(p, "prompt"));
		prompts2.forEach(p -> Objects.requireNonNull(p, "prompt"));
	}

	static void checkSkip(final int clipSkip, final int most) {
		if (clipSkip < 0 || clipSkip > most) {
			throw new DiffEditException("Clip skip " + clipSkip + " is not possible with this text encoder; choose 0 to " + most + ".");
		}
	}

	/** The largest number of pieces needed by one of the prompts. */
	static int pieces(final ClipReader reader, final Collection<String> prompts, final PromptOptions options) {
		return options.longPrompts() ? prompts.stream().mapToInt(prompt -> reader.pieces(prompt, options)).max().orElse(1) : 1;
	}

	/** Messages about prompts that exceed this number of pieces; empty if all fit. */
	static Set<String> cut(final ClipReader reader, final Collection<String> prompts, final PromptOptions options, final int pieces) {
		final Set<String> sentences = new LinkedHashSet<>();
		for (final String prompt : prompts) reader.cut(prompt, options, pieces).ifPresent(sentences::add);
		return sentences;
	}

	/** Positions in {@code unique} of each item of {@code all}; fills {@code unique} with the different items in order. */
	static <T> int[] unique(final List<T> all, final List<T> unique) {
		final Map<T, Integer> places = new LinkedHashMap<>();
		final int[] rows = new int[all.size()];
		for (int i = 0; i < rows.length; i++) rows[i] = places.computeIfAbsent(all.get(i), k -> places.size());
		unique.addAll(places.keySet());
		return rows;
	}

	/** Entries of a tensor along the first axis, in another order or several times. */
	static Tensor rows(final Tensor tensor, final int... rows) {
		boolean same = rows.length == tensor.size(0);
		for (int i = 0; i < rows.length && same; i++) same = rows[i] == i;
		return same ? tensor : tensor.indexSelect(0, Arrays.stream(rows).asLongStream().toArray());
	}
}
