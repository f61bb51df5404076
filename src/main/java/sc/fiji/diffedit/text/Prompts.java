package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;

/** What prompt encoders share: checks, each different prompt once, warnings about words that were cut. */
final class Prompts {

	/** Prompts encoded at a time. */
	private static final int PART = 16;

	private Prompts() {}

	static void check(final List<String> prompts, final List<String> prompts2) {
		if (prompts.isEmpty()) throw new DiffEditException("There is no prompt; give at least one text, which may be empty.");
		if (prompts.size() != prompts2.size()) {
			throw new DiffEditException("There are " + prompts.size() + " prompts, but " + prompts2.size()
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

	/** Token numbers of prompts, shape (count, tokens), on the device where the text encoder is to work. */
	static Tensor ids(final Tokenizer tokenizer, final List<String> prompts, final Device device, final Consumer<String> warnings) {
		final int length = tokenizer.maxLength();
		final long[] ids = new long[prompts.size() * length];
		for (int i = 0; i < prompts.size(); i++) {
			final TokenizedPrompt prompt = tokenizer.pad(prompts.get(i));
			System.arraycopy(prompt.ids(), 0, ids, i * length, length);
			if (prompt.isCut()) {
				warnings.accept("The prompt is longer than " + length + " tokens; these words do not count: \"" + prompt.cut() + "\".");
			}
		}
		return Tensor.of(ids, prompts.size(), length).to(device);
	}

	/** Applies a function to a few prompts at a time, which bounds its memory, and joins the results along the first axis. */
	static Tensor inParts(final List<String> prompts, final Function<List<String>, Tensor> function) {
		final List<Tensor> parts = new ArrayList<>();
		for (int i = 0; i < prompts.size(); i += PART) parts.add(function.apply(prompts.subList(i, Math.min(prompts.size(), i + PART))));
		return parts.size() == 1 ? parts.get(0) : Tensor.cat(parts, 0);
	}
}
