package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/** Textual inversions, as files of all kinds hold them. */
class TextualInversionTest {

	private static final Path ADAPTERS = Path.of("src/test/resources/goldens/models/adapters");

	@TempDir
	Path temp;

	@BeforeEach
	void prepare() {
		Torch.prepareThread();
	}

	@Test
	void everyKindOfFileIsRead() {
		check("ti_one.safetensors", "<thing>", 1, 32);
		check("ti_one.bin", "<toy>", 1, 32);
		check("ti_many.safetensors", "<style>", 3, 32);
		check("ti_a1111.safetensors", "ti_a1111", 4, 32);
		check("ti_a1111.pt", "pose", 2, 32);
		check("ti_sdxl.safetensors", "ti_sdxl", 3, 24);
		final TextualInversion both = TextualInversion.read(ADAPTERS.resolve("ti_sdxl.safetensors"), Optional.of("<xl>"));
		assertEquals("<xl>", both.token());
		assertEquals(Set.of("text_encoder", "text_encoder_2"), both.parts());
		assertEquals(40, both.vectors("text_encoder_2", 40)[2].length);
	}

	private static void check(final String file, final String word, final int count, final int width) {
		final TextualInversion learned = TextualInversion.read(ADAPTERS.resolve(file));
		assertEquals(word, learned.token());
		assertEquals(count, learned.count());
		assertEquals(count, learned.vectors("text_encoder", width).length);
	}

	/** Such as the vectors for the encoders' outputs that OneTrainer learns besides. */
	@Test
	void whatLiesBesideTheVectorsIsTold() {
		try (Scope scope = Scope.open()) {
			SafetensorsWriter.write(temp.resolve("x.safetensors"), Map.of("clip_l", Tensor.zeros(DType.FLOAT32, 1, 4), "clip_g", Tensor.zeros(DType.FLOAT32, 1, 6), "clip_l_out", Tensor.zeros(DType.FLOAT32, 1, 4)), Map.of());
		}
		final String lines = String.join("\n", Inspection.of(temp.resolve("x.safetensors")).lines());
		assertTrue(lines.contains("textual inversion 'x' of 1 vectors") && lines.contains("\nnot used: 1 tensor (clip_l_out)"), lines);
		assertEquals(Set.of(), TextualInversion.read(ADAPTERS.resolve("ti_sdxl.safetensors")).unused());
		assertEquals(Set.of(), TextualInversion.read(ADAPTERS.resolve("ti_a1111.pt")).unused());
	}

	@Test
	void controlCharactersOfNamesAreNeverLogged() {
		final Path file = temp.resolve("x\u202e.safetensors");
		try (Scope scope = Scope.open()) {
			SafetensorsWriter.write(file, Map.of("clip_l", Tensor.zeros(DType.FLOAT32, 1, 4), "out\u001b[31m\nWARN", Tensor.zeros(DType.FLOAT32, 1, 4)), Map.of());
		}
		final PrintStream before = System.err;
		final ByteArrayOutputStream output = new ByteArrayOutputStream();
		System.setErr(new PrintStream(output, true, StandardCharsets.UTF_8));
		try {
			TextualInversion.read(file);
		}
		finally {
			System.setErr(before);
		}
		final String logged = output.toString(StandardCharsets.UTF_8);
		assertTrue(logged.contains("x?.safetensors") && logged.contains("(out?[31m WARN)") && logged.lines().count() == 1, logged);
	}

	@Test
	void numbersAreThoseOfTheFile() {
		try (Scope scope = Scope.open()) {
			SafetensorsWriter.write(temp.resolve("x.safetensors"), Map.of("<a>", Tensor.of(new float[] { 1, 2, 3, 4 }, 2, 2)), Map.of());
		}
		final float[][] vectors = TextualInversion.read(temp.resolve("x.safetensors")).vectors("text_encoder", 2);
		assertArrayEquals(new float[] { 1, 2 }, vectors[0]);
		assertArrayEquals(new float[] { 3, 4 }, vectors[1]);
	}

	@Test
	void otherFilesAndOtherFamiliesAreRefused() {
		final TextualInversion one = TextualInversion.read(ADAPTERS.resolve("ti_one.safetensors"));
		assertTrue(assertThrows(DiffEditException.class, () -> one.vectors("text_encoder", 768)).getMessage().contains("another family"));
		assertThrows(DiffEditException.class, () -> one.vectors("text_encoder_2", 32));
		assertThrows(DiffEditException.class, () -> TextualInversion.read(ADAPTERS.resolve("sd1_peft.safetensors")));
		try (Scope scope = Scope.open()) {
			for (final Tensor bad : new Tensor[] { Tensor.zeros(DType.FLOAT32), Tensor.zeros(DType.FLOAT32, 2, 2, 2), Tensor.zeros(DType.FLOAT32, 1000, 2),
				Tensor.zeros(DType.FLOAT32, 0, 4), Tensor.zeros(DType.INT64, 4), Tensor.full(Double.NaN, DType.FLOAT32, 4) })
			{
				SafetensorsWriter.write(temp.resolve("x.safetensors"), Map.of("<a>", bad), Map.of());
				assertThrows(DiffEditException.class, () -> TextualInversion.read(temp.resolve("x.safetensors")), bad.toString());
			}
		}
	}
}
