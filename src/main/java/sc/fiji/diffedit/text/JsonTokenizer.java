package sc.fiji.diffedit.text;

import com.google.gson.JsonObject;

/** A tokenizer described by a {@code tokenizer.json}, rebuilt from known components only. */
final class JsonTokenizer implements Tokenizer {

	private final NativeTokenizer tokenizer;
	private final int maxLength;
	private final long pad;
	private final int size;

	/**
	 * @param source the file's name in messages
	 * @param pad text of the padding token
	 * @param end text of the token that ends a text
	 * @throws sc.fiji.diffedit.DiffEditException if the JSON does not describe a tokenizer like T5's or BERT's, or lacks these tokens
	 */
	JsonTokenizer(final String source, final JsonObject json, final int maxLength, final String pad, final String end) {
		final TokenizerVocabulary vocabulary = new TokenizerVocabulary(source, json);
		this.maxLength = maxLength;
		this.pad = vocabulary.need(pad);
		vocabulary.need(end);
		this.size = vocabulary.size();
		this.tokenizer = new NativeTokenizer(source, made(source, json, vocabulary));
	}

	/** The JSON for the native library; nothing is copied from the file unchecked. */
	private static JsonObject made(final String source, final JsonObject json, final TokenizerVocabulary vocabulary) {
		final TokenizerSteps steps = new TokenizerSteps(source, vocabulary);
		final JsonObject made = new JsonObject();
		made.addProperty("version", "1.0");
		made.add("added_tokens", vocabulary.added());
		made.add("normalizer", steps.normalizer(json.get("normalizer")));
		made.add("pre_tokenizer", steps.preTokenizer(json.get("pre_tokenizer")));
		made.add("post_processor", steps.postProcessor(json.get("post_processor")));
		made.add("decoder", steps.decoder(json.get("decoder")));
		made.add("model", vocabulary.model());
		return made;
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
