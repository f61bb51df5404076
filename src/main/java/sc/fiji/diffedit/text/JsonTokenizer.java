package sc.fiji.diffedit.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;

/** A tokenizer as its {@code tokenizer.json} describes it. */
final class JsonTokenizer implements Tokenizer {

	private static final int MAX_DEPTH = 8;

	private final NativeTokenizer tokenizer;
	private final int maxLength;
	private final long pad;
	private final int size;

	/**
	 * @param source how messages name the file
	 * @param pad text of the padding token
	 * @param end text of the token that ends a text
	 * @throws DiffEditException if the JSON holds no tokenizer, or not these tokens
	 */
	JsonTokenizer(final String source, final JsonObject json, final int maxLength, final String pad, final String end) {
		check(source, json.get("normalizer"), 0);
		final Vocabulary vocabulary = new Vocabulary(source, json);
		this.maxLength = maxLength;
		this.pad = vocabulary.need(pad);
		vocabulary.need(end);
		this.size = vocabulary.size;
		this.tokenizer = new NativeTokenizer(source, json);
	}

	/** A compiled table of characters is walked by the native library without looking back, so that it is checked before. */
	private static void check(final String source, final JsonElement normalizer, final int depth) {
		if (normalizer == null || normalizer.isJsonNull()) return;
		if (!normalizer.isJsonObject() || depth > MAX_DEPTH) throw damaged(source);
		final JsonObject object = normalizer.getAsJsonObject();
		if (object.has("precompiled_charsmap") && object.get("precompiled_charsmap").isJsonPrimitive()) {
			CharsMap.check(source, object.get("precompiled_charsmap").getAsString());
		}
		if (!object.has("normalizers")) return;
		if (!object.get("normalizers").isJsonArray()) throw damaged(source);
		for (final JsonElement part : object.getAsJsonArray("normalizers")) check(source, part, depth + 1);
	}

	private static DiffEditException damaged(final String source) {
		return new DiffEditException(source + " holds no tokenizer of a known form; the file is damaged.");
	}

	/** Numbers of tokens, from the model's list or table and the added ones. */
	private static final class Vocabulary {

		private final java.util.Map<String, Long> ids = new java.util.HashMap<>();
		private final String source;
		private int size;

		Vocabulary(final String source, final JsonObject json) {
			this.source = source;
			try {
				final JsonElement vocab = json.getAsJsonObject("model").get("vocab");
				if (vocab.isJsonArray()) addList(vocab.getAsJsonArray());
				else vocab.getAsJsonObject().entrySet().forEach(e -> add(e.getKey(), e.getValue().getAsLong()));
				if (!json.has("added_tokens")) return;
				for (final JsonElement token : json.getAsJsonArray("added_tokens")) {
					add(token.getAsJsonObject().get("content").getAsString(), token.getAsJsonObject().get("id").getAsLong());
				}
			}
			catch (final ClassCastException | NullPointerException | IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
				throw new DiffEditException(source + " holds no tokenizer of a known form; the file is damaged.", e);
			}
		}

		private void addList(final JsonArray pieces) {
			for (int i = 0; i < pieces.size(); i++) add(pieces.get(i).getAsJsonArray().get(0).getAsString(), i);
		}

		private void add(final String token, final long id) {
			if (id < 0 || id > Integer.MAX_VALUE - 1) throw new NumberFormatException("number of a token");
			ids.put(token, id);
			size = (int) Math.max(size, id + 1);
		}

		long need(final String token) {
			final Long id = ids.get(token);
			if (id == null) {
				throw new DiffEditException(source + " does not have the token '" + token + "'; take all files of the tokenizer from the same model.");
			}
			return id;
		}
	}

	@Override
	public long[] encode(final String text) {
		return tokenizer.encode(text, true);
	}

	@Override
	public String decode(final long... ids) {
		return tokenizer.decode(ids);
	}

	@Override
	public int maxLength() {
		return maxLength;
	}

	@Override
	public long padId() {
		return pad;
	}

	@Override
	public int size() {
		return size;
	}

	@Override
	public void close() {
		tokenizer.close();
	}
}
