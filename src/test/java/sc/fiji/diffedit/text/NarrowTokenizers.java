package sc.fiji.diffedit.text;

import java.io.IOException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.faults.AddressSpace;

/** Makes a tokenizer of CLIP's size, in ever more address space. */
public final class NarrowTokenizers {

	/** All pairs of these are tokens: 49 284 in all, as many as CLIP has. */
	private static final int LETTERS = 221;

	private NarrowTokenizers() {}

	public static void main(final String[] range) throws IOException {
		make(3);                                                            // the library is loaded
		AddressSpace.widen(range, () -> make(LETTERS));
		Runtime.getRuntime().halt(0);
	}

	private static void make(final int letters) {
		try (NativeTokenizer tokenizer = new NativeTokenizer("a vocabulary", json(letters))) {
			tokenizer.encode(letter(1) + letter(2), false);
		}
	}

	private static JsonObject json(final int letters) {
		final JsonObject vocabulary = new JsonObject();
		final JsonArray merges = new JsonArray();
		for (int i = 0; i < letters; i++) vocabulary.addProperty(letter(i), i);
		for (int i = 0; i < letters; i++) {
			for (int j = 0; j < letters; j++) {
				vocabulary.addProperty(letter(i) + letter(j), vocabulary.size());
				merges.add(letter(i) + " " + letter(j));
			}
		}
		final JsonObject model = new JsonObject(), json = new JsonObject();
		model.addProperty("type", "BPE");
		model.add("vocab", vocabulary);
		model.add("merges", merges);
		json.add("model", model);
		return json;
	}

	private static String letter(final int i) {
		return String.valueOf((char) (0x4e00 + i));
	}
}
