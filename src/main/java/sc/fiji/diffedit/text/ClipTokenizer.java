package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.text.ClipVocabulary.AddedToken;
import sc.fiji.diffedit.weights.ByteSymbols;

/**
 * CLIP's tokenizer: lower-cased words in byte pairs, the last of a word marked (Radford et al. 2021; transformers
 * {@code CLIPTokenizer}). Its vocabulary comes from {@code vocab.json} and {@code merges.txt} or from the {@code tokenizer.json}
 * that holds both; the steps before byte-pair encoding are always CLIP's, so that no downloaded file can supply its own regular
 * expression.
 */
public final class ClipTokenizer implements Tokenizer {

	private static final int MAX_LENGTH = 77;

	private final ClipVocabulary vocabulary;
	private final Map<String, Integer> learned;
	private final int maxLength;
	private final Map<Integer, String> tokens = new HashMap<>();
	private final int size;
	private final NativeTokenizer tokenizer;

	private ClipTokenizer(final ClipVocabulary vocabulary, final Map<String, Integer> learned, final int maxLength) {
		this.vocabulary = vocabulary;
		this.learned = learned;
		this.maxLength = maxLength;
		vocabulary.tokens().forEach((token, id) -> tokens.put(id, token));
		vocabulary.added().forEach((token, added) -> tokens.put(added.id(), token));
		size = 1 + tokens.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
		tokenizer = new NativeTokenizer(vocabulary.source(), vocabulary.json());
	}

	/**
	 * Reads the folder {@code tokenizer} or {@code tokenizer_2} of a model.
	 *
	 * @throws DiffEditException if files are missing, damaged or of another kind of tokenizer
	 */
	public static ClipTokenizer read(final Path folder) {
		return read(new TokenizerFiles(folder));
	}

	/** Reads the texts of {@code vocab.json}, {@code merges.txt} and {@code tokenizer_config.json}, by their names. */
	public static ClipTokenizer read(final Map<String, String> files) {
		return read(TokenizerFiles.of(files));
	}

	private static ClipTokenizer read(final TokenizerFiles files) {
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		if (config.get("padding_side") instanceof JsonPrimitive side && !side.getAsString().equals("right")) {
			throw new DiffEditException(files.source("tokenizer_config.json") + " has the padding_side " + TokenizerJson.shown(side) + ", but \"right\" is needed; choose a model whose tokenizer is CLIP's.");
		}
		final int length = TokenizerJson.wholeNumber(config, "model_max_length", 3, 4096, MAX_LENGTH);
		final ClipVocabulary vocabulary = ClipVocabulary.read(files);
		return new ClipTokenizer(vocabulary, learned(vocabulary), length);
	}

	/** Textual inversions of several vectors that were saved with the tokenizer: {@code <w>} stands for {@code <w> <w>_1 ...}, which follow it. */
	private static Map<String, Integer> learned(final ClipVocabulary vocabulary) {
		final Map<String, Integer> learned = new LinkedHashMap<>();
		for (final String word : vocabulary.added().keySet()) {
			int count = 1;
			while (vocabulary.added().containsKey(word + "_" + count) && vocabulary.id(word + "_" + count) == vocabulary.id(word) + count) count++;
			if (count > 1) learned.put(word, count);
		}
		return learned;
	}

	// -- textual inversions --

	/**
	 * A tokenizer with one more placeholder, which is replaced by {@code vectors} consecutive tokens of a textual inversion, with
	 * IDs from this tokenizer's {@link #size()} on. This tokenizer is not changed.
	 *
	 * @param word such as {@code <cat-toy>}
	 * @throws DiffEditException if the word is in the vocabulary already
	 */
	public ClipTokenizer with(final String word, final int vectors) {
		if (word.isBlank() || vectors < 1) {
			throw new DiffEditException("A textual inversion needs a name and at least one vector; got '" + word + "' with " + vectors + ".");
		}
		final Map<String, AddedToken> more = new LinkedHashMap<>();
		for (int i = 0; i < vectors; i++) {
			final String token = i == 0 ? word : word + "_" + i;
			if (vocabulary.has(token)) {
				throw new DiffEditException("The tokenizer knows the word '" + token + "' already; load the textual inversion under another name.");
			}
			more.put(token, new AddedToken(token, size + i, true, false));
		}
		final Map<String, Integer> words = new LinkedHashMap<>(learned);
		words.put(word, vectors);
		return new ClipTokenizer(vocabulary.with(more), words, maxLength);
	}

	/** The ID of a token as written in the vocabulary, such as {@code cat</w>}; -1 if there is none. */
	public long id(final String token) {
		return vocabulary.id(token);
	}

	/** Whether a token is the last of a word. */
	boolean endsWord(final long id) {
		final String token = tokens.getOrDefault((int) id, "");
		return token.endsWith(ClipVocabulary.WORD_END) || !vocabulary.tokens().containsKey(token) && !learned.keySet().stream().anyMatch(word -> inside(word, id));
	}

	/** Whether a token belongs to a textual inversion and is not its last. */
	private boolean inside(final String word, final long id) {
		return id >= id(word) && id < id(word) + learned.get(word) - 1;
	}

	@Override
	public long[] encode(final String text) {
		return encode(text, false);
	}

	/**
	 * As {@link #encode(String)}.
	 *
	 * @param parity as in {@link PromptOptions}: diffusers looks for the words of its table among lower-case tokens, then in
	 *          the prompt as it was written
	 */
	long[] encode(final String text, final boolean parity) {
		final long[] ids = tokenizer.encode(text, true);
		final Map<Long, Integer> counts = new HashMap<>();
		learned.forEach((word, count) -> {
			if (!parity || word.equals(word.toLowerCase(Locale.ROOT)) && text.contains(word)) counts.put(id(word), count);
		});
		return counts.isEmpty() ? ids : expand(ids, counts);
	}

	/** Inserts the other tokens of a textual inversion after its first. */
	private static long[] expand(final long[] ids, final Map<Long, Integer> counts) {
		final List<Long> expanded = new ArrayList<>();
		for (final long id : ids) {
			for (int i = 0; i < counts.getOrDefault(id, 1); i++) expanded.add(id + i);
		}
		return expanded.stream().mapToLong(Long::longValue).toArray();
	}

	/** The words at the end of a text that exceed {@link #maxLength()} tokens; empty if all fit. */
	public String cut(final String text) {
		return TokenizedPrompt.of(this, encode(text), maxLength).cut();
	}

	@Override
	public String decode(final long... ids) {
		final StringBuilder text = new StringBuilder();
		final StringBuilder word = new StringBuilder();
		for (int i = 0; i < length(ids); i++) {
			final String token = tokens.getOrDefault((int) ids[i], "");
			if (token.equals(ClipVocabulary.START) || token.equals(ClipVocabulary.END)) continue;
			final boolean added = !vocabulary.tokens().containsKey(token);
			if (added || token.endsWith(ClipVocabulary.WORD_END)) {
				if (!added) word.append(token, 0, token.length() - ClipVocabulary.WORD_END.length());
				text.append(ByteSymbols.decode(word.toString())).append(added ? token : "").append(' ');
				word.setLength(0);
			}
			else word.append(token);
		}
		return text.append(ByteSymbols.decode(word.toString())).toString().trim();
	}

	/** Number of tokens before the padding. */
	private int length(final long[] ids) {
		int length = ids.length;
		while (length > 0 && ids[length - 1] == padId() && padId() != endId()) length--;
		return length;
	}

	@Override
	public int maxLength() {
		return maxLength;
	}

	@Override
	public long padId() {
		return id(vocabulary.pad());
	}

	/** ID of the end token. */
	public long endId() {
		return id(ClipVocabulary.END);
	}

	/** ID of the start token. */
	public long startId() {
		return id(ClipVocabulary.START);
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
