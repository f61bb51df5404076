package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.tensor.Torch;

/** Damaged and lying files of tokenizers are read or refused in one sentence; the native library never ends the process. */
@Timeout(900)
class HostileTokenizersTest {

	@TempDir
	Path folder;

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	@Test
	void clip() throws IOException {
		survive("sd1/tokenizer", 300, ClipTokenizer::read, "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json");
	}

	@Test
	void t5() throws IOException {
		survive("t5", 150, T5Tokenizer::read, "tokenizer.json", "tokenizer_config.json");
		Files.delete(folder.resolve("tokenizer.json"));
		survive("t5", 150, T5Tokenizer::read, "spiece.model");
	}

	@Test
	void bert() throws IOException {
		survive("blip", 150, BertTokenizer::read, "tokenizer.json", "tokenizer_config.json");
		Files.delete(folder.resolve("tokenizer.json"));
		survive("blip", 150, BertTokenizer::read, "vocab.txt");
	}

	private void survive(final String model, final int times, final Function<Path, ? extends Tokenizer> reader, final String... files) throws IOException {
		for (final String file : files) Files.copy(GoldenCase.model(model).resolve(file), folder.resolve(file));
		final Hostile hostile = new Hostile(31);
		int read = 0;
		for (int i = 0; i < times; i++) {
			final Path file = folder.resolve(files[i % files.length]);
			final byte[] sound = Files.readAllBytes(file);
			final boolean json = file.toString().endsWith(".json") && hostile.random().nextBoolean();
			Hostile.write(file, json ? hostile.json(JsonText.object("sound", Files.readString(file))).toString().getBytes(StandardCharsets.UTF_8) : hostile.bytes(sound, sound.length));
			if (Hostile.survives(file.getFileName() + " " + i, () -> use(reader))) read++;
			Hostile.write(file, sound);
		}
		assertTrue(read > 0 && read < times, read + " of " + model + " read");
	}

	private void use(final Function<Path, ? extends Tokenizer> reader) {
		try (Tokenizer tokenizer = reader.apply(folder)) {
			for (final String text : List.of("", "a photo of a cat", "<|endoftext|>", "\u00e4\u4e2d\ud83d\ude00\u0000", "x".repeat(3000))) {
				final long[] ids = tokenizer.encode(text);
				tokenizer.decode(ids);
			}
		}
	}
}
