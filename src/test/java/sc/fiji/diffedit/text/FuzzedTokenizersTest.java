package sc.fiji.diffedit.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

import org.junit.jupiter.api.BeforeAll;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;
import sc.fiji.diffedit.tensor.Torch;

/** Any bytes as a tokenizer's file: what native code gets of it never ends Java. */
class FuzzedTokenizersTest {

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	private static void use(final Tokenizer tokenizer) {
		try (tokenizer) {
			tokenizer.decode(tokenizer.encode("a photo of \u00e4 cat\u0000"));
		}
	}

	private static void read(final String name, final byte[] bytes, final Function<Path, ? extends Tokenizer> reader) {
		final Path folder = Fuzzed.file("tokenizer-" + name + "/" + name, bytes).getParent();
		Fuzzed.read(() -> use(reader.apply(folder)));
	}

	@FuzzTest
	void t5Tokenizer(final byte[] bytes) {
		final Path folder = Fuzzed.file("t5/tokenizer.json", bytes).getParent();
		Fuzzed.read(() -> use(T5Tokenizer.read(folder)));
	}

	@FuzzTest
	void sentencePiece(final byte[] bytes) {
		read("spiece.model", bytes, T5Tokenizer::read);
	}

	@FuzzTest
	void bertTokenizer(final byte[] bytes) {
		final Path folder = Fuzzed.file("bert/tokenizer.json", bytes).getParent();
		Fuzzed.read(() -> use(BertTokenizer.read(folder)));
	}

	@FuzzTest
	void bertVocabulary(final byte[] bytes) {
		read("vocab.txt", bytes, BertTokenizer::read);
	}

	/** Three files of CLIP in one input, parted by lines of three dashes. */
	@FuzzTest
	void clipTokenizer(final byte[] bytes) throws IOException {
		final String[] files = (new String(bytes, StandardCharsets.UTF_8) + "\n---\n\n---\n{}").split("\n---\n", 4);
		Fuzzed.read(() -> use(ClipTokenizer.read(Map.of("vocab.json", files[0], "merges.txt", files[1], "tokenizer_config.json", files[2]))));
	}

	@FuzzTest
	void weightedWords(final byte[] bytes) {
		Fuzzed.read(() -> WeightedText.parse(new String(bytes, StandardCharsets.UTF_8)));
	}
}
