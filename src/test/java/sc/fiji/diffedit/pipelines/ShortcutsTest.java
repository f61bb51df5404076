package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.models.BatchedUNet;
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

	// -- deep features that are handed on --

	@ParameterizedTest
	@CsvSource({ "sd1, 3, 0", "sd1, 3, 1", "sd1, 2, 2", "sd1, 4, 3", "sd1, 3, 5", "sd1, 5, 8", "sdxl, 3, 0", "sdxl, 3, 1", "sdxl, 2, 2", "sdxl, 4, 3", "sdxl, 3, 5", "sdxl, 5, 8" })
	void aRunIsThatOfDeepCachesHelper(final String model, final int interval, final int branch) {
		assertRun(model, "whole one of " + interval + ", branch " + branch, request -> request.withDeepCache(new DeepCache(interval, branch)));
	}

	/** Cut as memory demands, each part has its own features. */
	@Test
	void partsOfABatchKeepFeaturesOfTheirOwn() {
		try (ModelLease lease = model("sd1")) {
			final TextToImageRequest request = TextToImageRequest.of("a red fox").withNumInferenceSteps(6).withNumImagesPerPrompt(3).withSeeds(List.of(1L, 2L, 3L)).withWidth(32).withHeight(24)
				.withDeepCache(new DeepCache(3, 1)).withOutput(OutputType.LATENT);
			final float[] whole = lease.textToImage(request, StepListener.NONE).latents().values();
			for (final long most : new long[] { 1, 2, 3, 4 }) {
				lease.setParts(parts -> parts.withUnet(new BatchedUNet(parts.unet(), (unet, rows, height, width) -> Math.min(most, rows))));
				Rounding.assertClose(whole, lease.textToImage(request, StepListener.NONE).latents().values(), 1e-3);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "unet.offload=block", "unet.offload=leaf", "unet.offload=block:2+disk", "preset=lowest" })
	void layersThatAreLeftOutDisturbNoOffload(final String plan) {
		final ImageToImageRequest request = ImageToImageRequest.of("a red fox").withNumInferenceSteps(6).withDeepCache(new DeepCache(3, 1)).withOutput(OutputType.LATENT);
		final LoadOptions options = LoadOptions.of(MODELS.resolve("sd1").toString()).withDevice("cpu");
		try (ModelLease plain = store.borrow(options.withMemory(MemoryPlan.parse("packed=off"))); ModelLease managed = store.borrow(options.withMemory(MemoryPlan.parse(plan)))) {
			final float[] expected = plain.imageToImage(IMAGE, request, StepListener.NONE).latents().values();
			Rounding.assertClose(expected, managed.imageToImage(IMAGE, request, StepListener.NONE).latents().values(), 1e-3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "DDIM", "EASYINV", "DPM_SOLVER" })
	void inversionAndEditMayTakeOverFeatures(final InversionMethod method) {
		try (ModelLease lease = model("sd1")) {
			final DiffEdit diffEdit = lease.diffEdit();
			final DeepCache cache = new DeepCache(4, 0);
			final Inversion plain = diffEdit.invert(IMAGE, INVERT.withInpaintStrength(0.8).withInversionMethod(method));
			final Rows rows = new Rows(lease);
			final Inversion inverted = diffEdit.invert(IMAGE, INVERT.withInpaintStrength(0.8).withInversionMethod(method).withDeepCache(cache));
			assertEquals(8, rows.since().size(), "the last block is one of each step");
			assertFalse(Arrays.equals(plain.trajectories().get(0).values(), inverted.trajectories().get(0).values()));
			final EditRequest edit = EDIT.withInpaintStrength(0.8).withGuidanceInterval(new GuidanceInterval(0, 0.5)).withDeepCache(cache);
			final float[] once = diffEdit.edit(edit, Mask.filled(32, 24, 1), inverted).latents().values();
			assertArrayEquals(once, diffEdit.edit(edit, Mask.filled(32, 24, 1), inverted).latents().values());
		}
	}

	/** What depends on earlier predictions is never taken for a plain one, nor the other way round. */
	@Test
	void suchPredictionsAreNotRemembered() {
		try (ModelLease lease = model("sd1")) {
			final ImageToImageRequest request = ImageToImageRequest.of("a red fox").withNumInferenceSteps(4).withStrength(1).withOutput(OutputType.LATENT);
			final float[] plain = lease.imageToImage(IMAGE, request, StepListener.NONE).latents().values();
			final long bytes = store.results().bytes();
			final ImageToImageRequest shortened = request.withDeepCache(new DeepCache(2, 0));
			final float[] first = lease.imageToImage(IMAGE, shortened, StepListener.NONE).latents().values();
			assertFalse(Arrays.equals(plain, first));
			assertArrayEquals(first, lease.imageToImage(IMAGE, shortened, StepListener.NONE).latents().values());
			assertEquals(bytes, store.results().bytes());
			assertArrayEquals(plain, lease.imageToImage(IMAGE, request, StepListener.NONE).latents().values());
		}
	}

	@Test
	void aRunThatIsCancelledLeavesNoFeatures() {
		try (ModelLease lease = model("sd1")) {
			final ImageToImageRequest request = ImageToImageRequest.of("a red fox").withNumInferenceSteps(6).withStrength(1).withDeepCache(new DeepCache(3, 2)).withOutput(OutputType.LATENT);
			lease.imageToImage(IMAGE, request, StepListener.NONE);
			final long before = Scope.liveValues();
			assertThrows(CancelledException.class, () -> lease.imageToImage(IMAGE, request, step -> {
				if (step.index() == 4) throw new CancelledException();
			}));
			assertEquals(before, Scope.liveValues());
			lease.imageToImage(IMAGE, request, StepListener.NONE);
			assertEquals(before, Scope.liveValues());
		}
	}

	@Test
	void whereItCannotBeASentenceSaysSo() {
		try (ModelLease lease = model("sd1")) {
			final DiffEdit diffEdit = lease.diffEdit();
			final DeepCache cache = new DeepCache(2, 0);
			assertRefused("cacheInterval is 0; it must be 1 or more", () -> new DeepCache(0, 0));
			assertRefused("cacheBranch is -1", () -> new DeepCache(2, -1));
			assertRefused("cacheBranch is 9, but", () -> diffEdit.invert(IMAGE, INVERT.withDeepCache(new DeepCache(2, 9))));
			assertRefused("has the skip connections 0 to 8", () -> diffEdit.invert(IMAGE, INVERT.withDeepCache(new DeepCache(2, 9))));
			assertRefused("The inversion ReNoise repeats steps", () -> diffEdit.invert(IMAGE, INVERT.withInversionMethod(InversionMethod.RENOISE).withDeepCache(cache)));
			assertRefused("The way back of EDICT needs the same predictions", () -> diffEdit.invert(IMAGE, INVERT.withInversionMethod(InversionMethod.EDICT).withDeepCache(cache)));
			final Inversion exact = diffEdit.invert(IMAGE, INVERT.withInpaintStrength(0.8).withInversionMethod(InversionMethod.O_BELM));
			assertRefused("The way back of O-BELM needs", () -> diffEdit.edit(EDIT.withInpaintStrength(0.8).withDeepCache(cache), Mask.filled(32, 24, 1), exact));
		}
	}

	private static void assertRefused(final String reason, final Executable call) {
		final String message = assertThrows(DiffEditException.class, call).getMessage();
		assertTrue(message.contains(reason), message);
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
