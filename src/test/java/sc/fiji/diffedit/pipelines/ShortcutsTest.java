package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsFile;

/** What steps may leave out, against diffusers' networks, schedulers and guiders: {@code scripts/shortcut_numbers.py}. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class ShortcutsTest {

	private static final Path NUMBERS = Path.of("src/test/resources/shortcuts"), MODELS = Path.of("src/test/resources/goldens/models");
	private static final ImageInput IMAGE = ImageInput.of(new Picture(32, 24, 3, gradient(32 * 24 * 3)));
	private static final InvertRequest INVERT = InvertRequest.of("a red fox").withNumInferenceSteps(10).withInpaintStrength(1);
	private static final EditRequest EDIT = EditRequest.to("a grey wolf").withNumInferenceSteps(10).withInpaintStrength(1).withOutput(OutputType.LATENT);

	private final ModelStore store = new ModelStore();

	@AfterEach
	void close() {
		store.close();
	}

	private static float[] gradient(final int length) {
		final float[] values = new float[length];
		for (int i = 0; i < length; i++) values[i] = (float) i / length;
		return values;
	}

	private ModelLease model(final String name) {
		return store.borrow(LoadOptions.of(MODELS.resolve(name).toString()).withDevice("cpu"));
	}

	private static TextToImageRequest generation(final Tensor noise) {
		return TextToImageRequest.of("a red fox").withNegative(List.of(Prompt.of("rain"))).withNumInferenceSteps(10).withGuidanceScale(5).withLatents(Optional.of(Latents.of(noise)))
			.withOutput(OutputType.LATENT);
	}

	/** What a model makes of the script's noise. */
	private void assertRun(final String model, final String name, final UnaryOperator<TextToImageRequest> how) {
		try (Scope scope = Scope.open(); SafetensorsFile numbers = SafetensorsFile.open(NUMBERS.resolve("runs.safetensors")); ModelLease lease = model(model)) {
			lease.setParts(parts -> parts.withScheduler("DDIMScheduler"));
			final GenerationResult made = lease.textToImage(how.apply(generation(numbers.get("noise"))), StepListener.NONE);
			Rounding.assertClose(numbers.get(model + " " + name).toFloatArray(), made.latents().values(), 1e-3);
		}
	}

	/** Rows that have gone through the UNet since the last time. */
	private static final class Rows {

		private final List<Long> all = new ArrayList<>();

		Rows(final ModelLease lease) {
			lease.call(model -> {
				final Block last = model.unet().blocks().get(model.unet().blocks().size() - 1);
				final BlockPolicy policy = last.policy();
				last.setPolicy(new BlockPolicy() {

					@Override
					public Tensor call(final Block itself, final String kernel, final Object... arguments) {
						all.add(((Tensor) arguments[0]).size(0));
						return policy.call(itself, kernel, arguments);
					}

					@Override
					public void evicted(final Block itself) {
						policy.evicted(itself);
					}
				});
				return null;
			});
		}

		List<Long> since() {
			final List<Long> rows = List.copyOf(all);
			all.clear();
			return rows;
		}
	}

	// -- guidance in an interval --

	@Test
	void theStepsThatAreGuidedAreThoseOfDiffusersGuider() {
		for (final JsonElement element : Config.read(NUMBERS.resolve("guided.json")).json().getAsJsonArray("cases")) {
			final JsonObject expected = element.getAsJsonObject();
			final GuidanceInterval interval = new GuidanceInterval(expected.get("start").getAsDouble(), expected.get("stop").getAsDouble());
			final int steps = expected.get("steps").getAsInt();
			final List<Integer> guided = IntStream.range(0, steps).filter(i -> interval.contains(new StepOfRun(i, steps))).boxed().toList();
			assertEquals(expected.getAsJsonArray("guided").asList().stream().map(JsonElement::getAsInt).toList(), guided, interval + " of " + steps);
			assertEquals(guided.size(), interval.steps(steps));
		}
	}

	@ParameterizedTest
	@CsvSource({ "sd1", "sdxl" })
	void aRunIsThatOfDiffusersNetworkUnderItsGuider(final String model) {
		assertRun(model, "guided from 0.2 until 0.7", request -> request.withGuidanceInterval(new GuidanceInterval(0.2, 0.7)));
	}

	@ParameterizedTest
	@EnumSource(names = { "DDIM", "DPM_SOLVER", "EDICT", "O_BELM" })
	void noIntervalAtAllIsNoGuidance(final InversionMethod method) {
		try (ModelLease lease = model("sd1")) {
			final DiffEdit diffEdit = lease.diffEdit();
			final float strength = 0.8f;
			final Inversion inverted = diffEdit.invert(IMAGE, INVERT.withInpaintStrength(strength).withInversionMethod(method));
			final Mask mask = Mask.filled(32, 24, 1);
			final EditRequest edit = EDIT.withInpaintStrength(strength);
			final float[] plain = diffEdit.edit(edit.withGuidanceScale(1), mask, inverted).latents().values();
			assertArrayEquals(plain, diffEdit.edit(edit.withGuidanceInterval(new GuidanceInterval(0.5, 0.5)), mask, inverted).latents().values());
			assertEquals(plain.length, diffEdit.edit(edit.withGuidanceInterval(new GuidanceInterval(0, 0.5)), mask, inverted).latents().values().length);
		}
	}

	@Test
	void outsideTheIntervalOneRowIsComputedInPlaceOfTwo() {
		try (ModelLease lease = model("sd1")) {
			final DiffEdit diffEdit = lease.diffEdit();
			final Inversion inverted = diffEdit.invert(IMAGE, INVERT);
			final Rows rows = new Rows(lease);
			diffEdit.edit(EDIT.withGuidanceInterval(new GuidanceInterval(0.2, 0.5)), Mask.filled(32, 24, 1), inverted);
			assertEquals(List.of(1L, 1L, 2L, 2L, 2L, 1L, 1L, 1L, 1L, 1L), rows.since());
			lease.imageToImage(IMAGE, ImageToImageRequest.of("a red fox").withNumInferenceSteps(4).withStrength(1).withGuidanceInterval(new GuidanceInterval(0, 0.5)), StepListener.NONE);
			assertTrue(rows.since().stream().mapToLong(Long::longValue).sum() < 8);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "1|1|guidanceStart is 1.0; it must be 0 or more, and less than 1.", "-0.1|1|guidanceStart is -0.1", "NaN|1|guidanceStart is NaN",
		"0.5|0.4|guidanceStop is 0.4; it must lie between guidanceStart, which is 0.5, and 1.", "0|1.1|guidanceStop is 1.1", "0|NaN|guidanceStop is NaN" })
	void whatIsNoIntervalIsRefused(final double start, final double stop, final String reason) {
		final String message = assertThrows(DiffEditException.class, () -> new GuidanceInterval(start, stop)).getMessage();
		assertTrue(message.contains(reason), message);
	}
}
