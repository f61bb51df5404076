package sc.fiji.diffedit.pipelines;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** A prompt: text, a given embedding, or nothing (a negative prompt that was left out). */
public sealed interface Prompt {

	/** A negative prompt that was left out. SD 1.x and 2.x encode the empty text; SDXL may use zeros instead. */
	Prompt NONE = new None();

	static Prompt of(final String text) {
		return new Text(text, text);
	}

	/** One prompt for each text. */
	static List<Prompt> all(final List<String> texts) {
		return texts.stream().map(Prompt::of).toList();
	}

	/**
	 * A sentence.
	 *
	 * @param text for the only or first text encoder
	 * @param text2 for the second text encoder of SDXL; the same sentence unless set ({@code prompt_2} in diffusers)
	 */
	record Text(String text, String text2) implements Prompt {

		@Override
		public String toString() {
			return text.equals(text2) ? text : text + " | " + text2;
		}
	}

	/**
	 * An embedding made elsewhere, such as the mean of many sentences.
	 *
	 * @param tokens number of tokens, 77 for every CLIP encoder
	 * @param width numbers per token
	 * @param values token by token, {@code tokens * width} numbers
	 * @param pooled pooled embedding for SDXL; empty for SD 1.x and 2.x
	 */
	record Embedding(int tokens, int width, float[] values, float[] pooled) implements Prompt {

		public Embedding {
			if (values.length != (long) tokens * width) {
				throw new DiffEditException("An embedding of " + Counted.of(tokens, "token") + " of width " + width + " needs "
					+ Counted.of((long) tokens * width, "number") + "; there are " + values.length + ".");
			}
		}

		/**
		 * The part that the second text encoder of SDXL gave, which stands last: what a refiner sees of the same prompt.
		 *
		 * @param lastWidth numbers per token of that encoder
		 */
		public Embedding ofSecondEncoder(final int lastWidth) {
			if (lastWidth >= width) return this;
			final float[] last = new float[tokens * lastWidth];
			for (int i = 0; i < tokens; i++) System.arraycopy(values, (i + 1) * width - lastWidth, last, i * lastWidth, lastWidth);
			return new Embedding(tokens, lastWidth, last, pooled);
		}

		@Override
		public boolean equals(final Object other) {
			return other instanceof Embedding e && tokens == e.tokens && width == e.width && Arrays.equals(values, e.values)
				&& Arrays.equals(pooled, e.pooled);
		}

		@Override
		public int hashCode() {
			return Arrays.hashCode(values);
		}

		@Override
		public String toString() {
			return "embedding " + Integer.toHexString(hashCode());
		}
	}

	/** No prompt. */
	record None() implements Prompt {

		@Override
		public String toString() {
			return "";
		}
	}
}
