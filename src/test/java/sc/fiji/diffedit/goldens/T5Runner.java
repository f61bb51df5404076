package sc.fiji.diffedit.goldens;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.models.Sampling;
import sc.fiji.diffedit.models.T5Config;
import sc.fiji.diffedit.models.T5ForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.models.TextGeneration;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.T5Tokenizer;
import sc.fiji.diffedit.text.TokenizedPrompt;
import sc.fiji.diffedit.text.Tokenizer;

/** Kind {@code t5}: texts to hidden states, scores of given answers, probabilities of the first word, and answers. */
final class T5Runner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (GoldenPart part = GoldenPart.of(golden); Tokenizer tokenizer = T5Tokenizer.read(golden.model());
			T5ForConditionalGeneration t5 = new T5ForConditionalGeneration(T5Config.of(part.config()), part.weights(), DType.FLOAT32))
		{
			for (int i = 0; i < golden.runs().size(); i++) {
				try (Scope scope = Scope.open()) {
					run(golden, comparison, tokenizer, t5, i);
				}
			}
		}
	}

	private static void run(final GoldenCase golden, final Comparison comparison, final Tokenizer tokenizer,
		final T5ForConditionalGeneration t5, final int index)
	{
		final JsonObject run = golden.runs().get(index);
		final String out = "out." + index + ".";
		final List<String> texts = run.get("text").isJsonArray()
			? run.getAsJsonArray("text").asList().stream().map(JsonElement::getAsString).toList() : List.of(run.get("text").getAsString());
		final int length = texts.stream().mapToInt(text -> tokenizer.encode(text).length).max().orElse(0);
		final List<TokenizedPrompt> prompts = texts.stream().map(text -> tokenizer.pad(text, length)).toList();
		final Tensor ids = Tensor.of(prompts.stream().flatMapToLong(p -> LongStream.of(p.ids())).toArray(), texts.size(), length);
		final Tensor mask = Tensor.of(prompts.stream().flatMapToLong(p -> LongStream.of(p.attentionMask())).toArray(), texts.size(), length);
		comparison.tensor(out + "input_ids", ids);
		comparison.tensor(out + "attention_mask", mask);
		final Tensor encoded = t5.encode(ids, mask);
		comparison.tensor(out + "encoder", encoded);
		final long[][] expected = rows(golden.tensor(out + "ids"));
		try (TextDecoder answer = t5.decoder(encoded, mask)) {
			final Tensor logits = answer.next(Arrays.stream(expected).map(row -> Arrays.copyOf(row, row.length - 1)).toArray(long[][]::new));
			comparison.tensor(out + "logits", logits);
			comparison.tensor(out + "next_token_probabilities", sampling(run).probabilities(logits.slice(1, 0, 1).reshape(texts.size(), -1)));
		}
		comparison.leaveOut(out + "top2_gap");
		final long[][] found = answers(run, t5, encoded, mask);
		comparison.wholeNumbers(out + "ids", Arrays.stream(found).flatMapToLong(LongStream::of).toArray());
		final String sentences = golden.json().getAsJsonArray("texts").get(index).getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList().toString();
		comparison.equal("texts " + index, sentences, Arrays.stream(found).map(tokenizer::decode).toList().toString());
	}

	private static long[][] answers(final JsonObject run, final T5ForConditionalGeneration t5, final Tensor encoded, final Tensor mask) {
		final T5Config config = t5.config();
		final TextGeneration generation = new TextGeneration(config.eosTokenId(), config.padTokenId(), run.get("max_new_tokens").getAsInt(), made -> {});
		final long[][] start = IntStream.range(0, (int) encoded.size(0)).mapToObj(i -> new long[] { config.decoderStartTokenId() }).toArray(long[][]::new);
		try (TextDecoder answer = t5.decoder(encoded, mask)) {
			if (!run.has("num_beams")) return generation.greedy(answer, start);
			return new long[][] { generation.beams(answer, start[0], run.get("num_beams").getAsInt()) };
		}
	}

	private static Sampling sampling(final JsonObject run) {
		return new Sampling(number(run, "temperature", 1), (int) number(run, "top_k", 0), number(run, "top_p", 1));
	}

	private static double number(final JsonObject run, final String key, final double otherwise) {
		return run.has(key) ? run.get(key).getAsDouble() : otherwise;
	}

	private static long[][] rows(final Tensor tensor) {
		final long[] all = tensor.toLongArray();
		final int length = (int) tensor.size(1);
		return IntStream.range(0, (int) tensor.size(0)).mapToObj(i -> Arrays.copyOfRange(all, i * length, (i + 1) * length)).toArray(long[][]::new);
	}
}
