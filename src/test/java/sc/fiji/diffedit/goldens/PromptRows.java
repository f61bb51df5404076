package sc.fiji.diffedit.goldens;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The rows of a batch of prompt embeddings, as diffusers has them. Golden files keep one of neighbours with the same numbers.
 * Copies of an embedding are always equal; whether a text that was encoded twice gives the same numbers to the last bit hangs
 * on the machine that made the file. Here all rows are put back.
 */
final class PromptRows {

	/** What may make a row equal to its neighbour, from much to nothing. */
	private static final List<Function<Row, Object>> EQUALITIES = List.of(Row::prompt, row -> List.of(row.prompt(), row.part()),
		row -> List.of(row.part(), row.place()), row -> row);

	private final List<Row> rows = new ArrayList<>();

	/** @param part of the batch, {@code place} of the prompt in that part, and which {@code copy} of it */
	private record Row(Prompt prompt, int part, int place, int copy) {}

	/**
	 * @param copies of each prompt's embedding, side by side
	 * @param parts of the batch, one after the other, such as the negative prompts and the prompts
	 */
	PromptRows(final int copies, final List<List<Prompt>> parts) {
		for (int part = 0; part < parts.size(); part++) {
			for (int place = 0; place < parts.get(part).size(); place++) {
				for (int copy = 0; copy < copies; copy++) rows.add(new Row(asEncoded(parts.get(part).get(place)), part, place, copy));
			}
		}
	}

	/** A prompt that was left out is the empty text. */
	private static Prompt asEncoded(final Prompt prompt) {
		return prompt == Prompt.NONE ? Prompt.of("") : prompt;
	}

	/** One prompt for each of a batch: diffusers' one text, or none, stands for all. */
	static List<Prompt> each(final List<Prompt> prompts, final int batch) {
		return prompts.size() == 1 ? Collections.nCopies(batch, prompts.get(0)) : prompts;
	}

	/** All rows of a stored tensor of shape (rows, ...); the tensor itself if its rows cannot be told. */
	Tensor restored(final Tensor stored) {
		for (final Function<Row, Object> equality : EQUALITIES) {
			final List<Integer> places = places(equality);
			if (places.get(places.size() - 1) + 1 == stored.size(0)) return Tensor.cat(places.stream().map(i -> stored.slice(0, i, i + 1)).toList(), 0);
		}
		return stored;
	}

	/** Where each row is found if equal neighbours are stored once. */
	private List<Integer> places(final Function<Row, Object> equality) {
		final List<Integer> places = new ArrayList<>();
		int place = 0;
		for (int i = 0; i < rows.size(); i++) {
			if (i > 0 && !equality.apply(rows.get(i)).equals(equality.apply(rows.get(i - 1)))) place++;
			places.add(place);
		}
		return places;
	}
}
