package sc.fiji.diffedit.goldens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.text.BertTokenizer;
import sc.fiji.diffedit.text.ClipTokenizer;
import sc.fiji.diffedit.text.T5Tokenizer;
import sc.fiji.diffedit.text.TokenizedPrompt;
import sc.fiji.diffedit.text.Tokenizer;

/** Kind {@code tokenizer}: strings of many scripts to numbers, whole and at the model's length. */
final class TokenizerRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (Tokenizer tokenizer = open(golden)) {
			final List<String> strings = golden.texts("strings");
			final List<TokenizedPrompt> prompts = strings.stream().map(s -> tokenizer.pad(s, golden.number("max_length"))).toList();
			comparison.wholeNumbers("out.input_ids", prompts.stream().flatMapToLong(p -> LongStream.of(p.ids())).toArray());
			comparison.wholeNumbers("out.attention_mask", prompts.stream().flatMapToLong(p -> LongStream.of(p.attentionMask())).toArray());
			comparison.equal("pad_token_id", (long) golden.number("pad_token_id"), tokenizer.padId());
			for (int i = 0; i < strings.size(); i++) {
				comparison.equal("untruncated_ids of '" + strings.get(i) + "'", untruncated(golden, i), Arrays.toString(tokenizer.encode(strings.get(i))));
			}
		}
	}

	private static Tokenizer open(final GoldenCase golden) {
		final String kind = Config.read(golden.model().resolve("tokenizer_config.json")).getString("tokenizer_class", "");
		if (kind.startsWith("CLIPTokenizer")) return ClipTokenizer.read(golden.model());
		if (kind.startsWith("T5Tokenizer")) return T5Tokenizer.read(golden.model());
		if (kind.startsWith("BertTokenizer")) return BertTokenizer.read(golden.model());
		throw new NotYet("there is no " + kind + " yet");
	}

	private static String untruncated(final GoldenCase golden, final int index) {
		final JsonElement ids = golden.json().getAsJsonArray("untruncated_ids").get(index);
		return Arrays.toString(ids.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray());
	}
}
