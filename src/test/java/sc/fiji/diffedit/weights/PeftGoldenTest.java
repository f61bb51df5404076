package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Folders of PEFT against what PEFT 0.21.2 itself merges them into, see scripts/goldens/cases_peft.py. */
@ExtendWith(NoNativeLeaks.InScope.class)
class PeftGoldenTest {

	private static final Path FOLDER = GoldenCase.model("peft");
	@TempDir
	Path temp;

	private final List<String> warnings = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(strings = { "lora", "lora_rs_dora", "lora_bias", "loha", "loha_effective", "lokr", "lokr_whole", "lokr_both", "oft", "oft_terms", "oft_two_terms", "oft_exact", "oft_shared",
		"oft_bounded", "ia3", "ia3_pattern" })
	void everyFormGivesWhatPeftGives(final String form) {
		MergedGoldens.peft(form);
	}

	/** At strength 0.5 half of what factors add, and rotations half-way to the identity, as with LyCORIS' forms; PEFT itself has no strength for them. */
	@Test
	void strengthMovesFactorsTowardsOne() {
		try (SafetensorsFile base = SafetensorsFile.open(FOLDER.resolve("base.safetensors")); Scope scope = Scope.open()) {
			final AdaptedWeights full = new AdaptedWeights(base), half = new AdaptedWeights(base);
			for (final String form : List.of("ia3", "oft")) {
				try (LoraSet a = new LoraSet(Map.of("unet", full), network -> {}); LoraSet b = new LoraSet(Map.of("unet", half), network -> {})) {
					a.load("x", Lora.open(FOLDER.resolve(form)), warnings::add);
					b.load("x", Lora.open(FOLDER.resolve(form)), warnings::add);
					b.setAdapters(Map.of("x", 0.5));
					for (final String name : base.names()) {
						assertArrayEquals(full.get(name).plus(base.get(name)).multiply(0.5).toFloatArray(), half.get(name).toFloatArray(), 1e-5f, form + " " + name);
					}
				}
			}
		}
	}

	/** The tensors alone under a name of their own, as people share them. */
	private Path alone(final String form) throws IOException {
		return Files.copy(FOLDER.resolve(form + "/adapter_model.safetensors"), temp.resolve("alone.safetensors"));
	}

	@ParameterizedTest
	@CsvSource({ "loha, LoHa", "lokr, LoKr", "oft, OFT of PEFT", "ia3, IA3 of PEFT" })
	void formsThatNeedTheConfigAreRefusedWithoutIt(final String form, final String title) throws IOException {
		final Path file = alone(form);
		final String message = assertThrows(DiffEditException.class, () -> Lora.open(file).close()).getMessage();
		assertEquals("alone.safetensors is " + title + " in a folder of PEFT, whose adapter_config.json is missing; name the folder with adapter_model.safetensors and that file, since it says how the tensors are meant.", message);
	}

	@Test
	void aPairWithoutConfigIsAGuess() throws IOException {
		try (SafetensorsFile base = SafetensorsFile.open(FOLDER.resolve("base.safetensors")); LoraSet loras = new LoraSet(Map.of("unet", new AdaptedWeights(base)), network -> {})) {
			loras.load("x", Lora.open(alone("lora")), warnings::add);
			assertEquals(1, warnings.size());
			assertTrue(warnings.get(0).startsWith("alone.safetensors was written by PEFT without its adapter_config.json") && warnings.get(0).contains("alpha was taken to be the rank"), warnings.get(0));
		}
	}

	/** Rotations of other layers, factors for others, and numbers that cannot be. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "oft | linear.oft_R.weight | 3,2 | has oft_R.weight [3, 2], but the layer's weight is [8, 6]", "oft | linear.oft_R.weight | 2,1 | has oft_R.weight [2, 1]",
		"oft | linear.oft_R.weight | 3,0 | has oft_R.weight [3, 0]", "oft_shared | linear.oft_R.weight | 3,1 | has oft_R.weight [3, 1]", "ia3 | linear.ia3_l | 6,1 | has ia3_l [6, 1]", "ia3 | ff_conv.ia3_l | 1,8 | has ia3_l [1, 8]" })
	void whatDoesNotFitIsRefused(final String form, final String name, final String shape, final String said) {
		refused(form, name, Tensor.zeros(DType.FLOAT32, Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray()), said);
	}

	@Test
	void rotationsThatAreNotFiniteAreRefused() {
		refused("oft", "linear.oft_R.weight", Tensor.full(Double.NaN, DType.FLOAT32, 3, 1), "linear.oft_R.weight' with numbers that are not finite");
	}

	private void refused(final String form, final String name, final Tensor tensor, final String said) {
		final Path folder = AlteredModel.copy(FOLDER.resolve(form), temp.resolve(form));
		AlteredModel.tensors(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"), map -> map.put("base_model.model.down_blocks.0." + name, tensor));
		try (SafetensorsFile base = SafetensorsFile.open(FOLDER.resolve("base.safetensors")); Scope scope = Scope.open()) {
			final AdaptedWeights found = new AdaptedWeights(base);
			final String message = assertThrows(DiffEditException.class, () -> {
				try (Lora lora = Lora.open(folder); LoraSet loras = new LoraSet(Map.of("unet", found), network -> {})) {
					loras.load("x", lora, warnings::add);
					found.get("down_blocks.0.linear.weight");
				}
			}).getMessage();
			assertTrue(message.contains(said), message);
		}
	}
}
