package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** T5 and the ways to let it speak, against transformers: golden H_t5. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class T5GoldenTest {

	private static final GoldenCase GOLDEN = new GoldenCase("H_t5");

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5 })
	void givesWhatTransformersGives(final int i) {
		final JsonObject run = GOLDEN.json().getAsJsonArray("runs").get(i).getAsJsonObject();
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor mask = GOLDEN.tensor("out." + i + ".attention_mask");
			final Tensor encoded = t5.encode(GOLDEN.tensor("out." + i + ".input_ids"), mask);
			GOLDEN.check("out." + i + ".encoder", encoded);
			final long[][] ids = rows("out." + i + ".ids");
			try (TextDecoder answer = t5.decoder(encoded, mask)) {
				final Tensor logits = answer.next(Arrays.stream(ids).map(r -> Arrays.copyOf(r, r.length - 1)).toArray(long[][]::new));
				GOLDEN.check("out." + i + ".logits", logits);
				final Sampling sampling = new Sampling(number(run, "temperature", 1), (int) number(run, "top_k", 0), number(run, "top_p", 1));
				GOLDEN.check("out." + i + ".next_token_probabilities", sampling.probabilities(logits.slice(1, 0, 1).reshape(ids.length, -1)));
			}
			try (TextDecoder answer = t5.decoder(encoded, mask)) {
				final TextGeneration generation = generation(run.get("max_new_tokens").getAsInt());
				final int beams = (int) number(run, "num_beams", 1);
				final long[][] found = beams == 1 ? generation.greedy(answer, starts(ids.length))
					: new long[][] { generation.beams(answer, new long[] { 0 }, beams) };
				assertArrayEquals(ids, found);
			}
		}
	}

	@Test
	void oneBeamIsGreedy() {
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor mask = GOLDEN.tensor("out.1.attention_mask");
			final Tensor encoded = t5.encode(GOLDEN.tensor("out.1.input_ids"), mask);
			try (TextDecoder one = t5.decoder(encoded, mask); TextDecoder other = t5.decoder(encoded, mask)) {
				assertArrayEquals(generation(9).greedy(one, starts(1))[0], generation(9).beams(other, new long[] { 0 }, 1));
			}
		}
	}

	/** Expected rows come from scripts/t5_sampling_numbers.py. */
	@Test
	void rowsAreDrawnAsTransformersDrawsThem() {
		final long[][] by10 = { { 0, 84, 178, 32, 132, 96, 89 }, { 0, 84, 178, 26, 96, 125, 44 }, { 0, 84, 178, 26, 96, 125, 21 }, { 0, 136, 134, 7, 126, 126, 126 },
			{ 0, 75, 92, 152, 179, 117, 139 }, { 0, 52, 14, 65, 62, 49, 35 }, { 0, 84, 178, 172, 148, 46, 34 }, { 0, 52, 27, 120, 35, 85, 71 },
			{ 0, 52, 152, 168, 138, 175, 94 }, { 0, 84, 178, 139, 14, 65, 62 }, { 0, 52, 14, 65, 62, 49, 15 }, { 0, 19, 92, 136, 55, 61, 155 },
			{ 0, 84, 178, 96, 33, 140, 98 }, { 0, 80, 116, 132, 178, 31, 92 }, { 0, 52, 14, 65, 69, 132, 32 }, { 0, 80, 116, 62, 151, 146, 71 } };
		assertArrayEquals(by10, sample(7, Sampling.DEFAULTS, 16, 6));
		final long[][] byTopP = { { 0, 84, 178, 73, 124, 89, 81, 28, 163, 16, 132, 5, 62, 7, 112, 89, 98, 127, 58, 118, 82 },
			{ 0, 84, 75, 21, 65, 121, 103, 13, 82, 58, 55, 20, 5, 6, 46, 107, 98, 14, 65, 157, 121 },
			{ 0, 80, 116, 62, 58, 158, 47, 115, 19, 117, 19, 92, 136, 48, 136, 116, 179, 50, 40, 122, 176 } };
		assertArrayEquals(byTopP, sample(7, new Sampling(1.1, 0, 0.6), 3, 20));
		assertTrue(!Arrays.deepEquals(by10, sample(8, Sampling.DEFAULTS, 16, 6)));
	}

	private static long[][] sample(final long seed, final Sampling sampling, final int rows, final int tokens) {
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor mask = GOLDEN.tensor("out.1.attention_mask");
			final Tensor encoded = t5.encode(GOLDEN.tensor("out.1.input_ids"), mask);
			try (TextDecoder answer = t5.decoder(encoded, mask)) {
				answer.select(new int[rows]);
				return generation(tokens).sample(answer, starts(rows), sampling, Generator.of(seed));
			}
		}
	}

	@Test
	void stepsAndWholeTextsGiveTheSameScores() {
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor mask = GOLDEN.tensor("out.4.attention_mask");
			final Tensor encoded = t5.encode(GOLDEN.tensor("out.4.input_ids"), mask);
			final long[][] ids = rows("out.4.ids");
			try (TextDecoder answer = t5.decoder(encoded, mask)) {
				for (int at = 0; at < ids[0].length - 1; at++) {
					final int place = at;
					final Tensor logits = answer.next(Arrays.stream(ids).map(r -> new long[] { r[place] }).toArray(long[][]::new));
					final Tensor expected = GOLDEN.tensor("out.4.logits").slice(1, at, at + 1);
					Rounding.assertClose(expected.toFloatArray(), logits.toFloatArray(), 1e-4);
					if (at == 2) answer.select(1, 0);
					if (at == 2) swap(ids);
					if (at == 2) break;
				}
				final Tensor swapped = answer.next(new long[][] { { ids[0][3] }, { ids[1][3] } });
				final Tensor expected = GOLDEN.tensor("out.4.logits").slice(1, 3, 4).indexSelect(0, 1, 0);
				Rounding.assertClose(expected.toFloatArray(), swapped.toFloatArray(), 1e-4);
			}
		}
	}

	private static void swap(final long[][] rows) {
		final long[] first = rows[0];
		rows[0] = rows[1];
		rows[1] = first;
	}

	@Test
	void tiedTablesAndPlainActivationsWork() {
		final T5Config given = config();
		final T5Config tied = new T5Config(given.vocabSize(), given.dModel(), given.dKv(), given.dFf(), given.numLayers(), given.numDecoderLayers(),
			given.numHeads(), given.relativeAttentionNumBuckets(), given.relativeAttentionMaxDistance(), given.layerNormEpsilon(), "relu", true,
			true, 0, 1, 0);
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = new T5ForConditionalGeneration(tied, weights(), DType.BFLOAT16)) {
			final Tensor mask = Tensor.of(new long[] { 1, 1 }, 1, 2);
			final Tensor encoded = t5.encode(Tensor.of(new long[] { 4, 1 }, 1, 2), mask);
			try (TextDecoder answer = t5.decoder(encoded, mask)) {
				final Tensor logits = answer.next(new long[][] { { 0 } });
				assertEquals(DType.BFLOAT16, logits.dtype());
				assertArrayEquals(new long[] { 1, 1, 280 }, logits.shape());
				assertTrue(logits.isFinite());
			}
		}
	}

	@Test
	void badInputIsRefused() {
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor one = Tensor.of(new long[] { 280 }, 1, 1);
			assertTrue(assertThrows(DiffEditException.class, () -> t5.encode(one, one)).getMessage().contains("280"));
			assertThrows(DiffEditException.class, () -> new Sampling(0, 0, 1));
			assertThrows(DiffEditException.class, () -> new Sampling(1, 0, Double.NaN));
			assertThrows(DiffEditException.class, () -> generation(0));
		}
	}

	@Test
	void overflowIsTold() {
		final TextDecoder overflowing = new TextDecoder() {

			@Override
			public int rows() {
				return 1;
			}

			@Override
			public Tensor next(final long[][] tokens) {
				return Tensor.full(Double.NaN, DType.FLOAT32, 1, tokens[0].length, 5);
			}

			@Override
			public void select(final int... rows) {
				throw new AssertionError("the first scores are wrong already");
			}

			@Override
			public void close() {
				// holds nothing
			}
		};
		try (Scope scope = Scope.open()) {
			final Generator generator = Generator.of(0);
			assertThrows(DiffEditException.class, () -> generation(2).greedy(overflowing, starts(1)));
			assertThrows(DiffEditException.class, () -> generation(2).sample(overflowing, starts(1), Sampling.DEFAULTS, generator));
			assertThrows(DiffEditException.class, () -> generation(2).beams(overflowing, new long[1], 2));
		}
	}

	@Test
	void speakingCanBeCancelled() {
		try (Scope scope = Scope.open(); T5ForConditionalGeneration t5 = t5()) {
			final Tensor mask = GOLDEN.tensor("out.1.attention_mask");
			try (TextDecoder answer = t5.decoder(t5.encode(GOLDEN.tensor("out.1.input_ids"), mask), mask)) {
				final TextGeneration impatient = new TextGeneration(1, 0, 9, made -> {
					if (made == 3) throw new CancelledException();
				});
				assertThrows(CancelledException.class, () -> impatient.greedy(answer, starts(1)));
			}
		}
	}

	private static TextGeneration generation(final int maxNewTokens) {
		return new TextGeneration(1, 0, maxNewTokens, made -> {});
	}

	private static long[][] starts(final int count) {
		return new long[count][1];
	}

	private static double number(final JsonObject run, final String key, final double otherwise) {
		return run.has(key) ? run.get(key).getAsDouble() : otherwise;
	}

	private static long[][] rows(final String name) {
		final Tensor tensor = GOLDEN.tensor(name);
		final long[] all = tensor.toLongArray();
		final int length = (int) tensor.size(1);
		final long[][] rows = new long[(int) tensor.size(0)][];
		for (int i = 0; i < rows.length; i++) rows[i] = Arrays.copyOfRange(all, i * length, (i + 1) * length);
		return rows;
	}

	private static T5Config config() {
		return T5Config.of(Config.read(GoldenCase.model("t5").resolve("config.json")));
	}

	private static SafetensorsReader weights() {
		final Path file = GoldenCase.model("t5").resolve("model.safetensors");
		return new SafetensorsReader(file);
	}

	private static T5ForConditionalGeneration t5() {
		return new T5ForConditionalGeneration(config(), weights(), DType.FLOAT32);
	}
}
