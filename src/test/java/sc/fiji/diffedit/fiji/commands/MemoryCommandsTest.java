package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;

import ij.ImagePlus;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.DType;

/** How commands take less memory, and how models leave it. */
@Numeric
class MemoryCommandsTest {

	private static final String MODEL = GoldenCase.model("sd1").toString();

	private static Context context;
	private static DiffusionModelService models;

	@BeforeAll
	static void start() {
		context = new Context();
		models = context.service(DiffusionModelService.class);
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static CommandModule run(final Class<? extends Command> command, final Map<String, Object> inputs) throws Exception {
		return Commands.run(context, command, inputs);
	}

	private static CommandModule text(final String memory) throws Exception {
		final Map<String, Object> ask = new HashMap<>(Map.of("model", MODEL, "width", 16, "height", 16, "steps", 1, "prompt", "a bowl"));
		ask.put("memory", memory);
		return run(TextToImage.class, ask);
	}

	@Test
	void theFormsOfferEveryPresetByItsLabel() {
		final List<String> labels = List.of(DiffusionModelInputs.AUTOMATIC, DiffusionModelInputs.FAST, DiffusionModelInputs.BALANCED, DiffusionModelInputs.LOW, DiffusionModelInputs.LOWEST);
		assertEquals(java.util.Arrays.stream(Preset.values()).map(Preset::label).toList(), labels);
	}

	@Test
	void aPresetOrAPlanGivesTheSamePicture() throws Exception {
		models.unloadAll();
		final float[] automatic = colours(text(DiffusionModelInputs.AUTOMATIC));
		assertArrayEquals(automatic, colours(text("low memory")), 1);
		assertArrayEquals(automatic, colours(text("preset=lowest;vae_tiling=off")), 1);
		assertEquals(List.of(Preset.AUTOMATIC, Preset.LOW_MEMORY, Preset.LOWEST_MEMORY),
			models.loaded().stream().map(LoadOptions::memory).map(plan -> plan.preset()).toList());
		final CommandModule wrong = text("huge");
		assertTrue(wrong.isCanceled() && wrong.getCancelReason().contains("'huge'"), wrong.getCancelReason());
	}

	@Test
	void typeAndDeviceMayBeChosen() throws Exception {
		models.unloadAll();
		final float[] plain = colours(text(DiffusionModelInputs.FAST));
		assertArrayEquals(plain, colours(computed("device: cpu; dtype: Float32")), 0);
		final float[] half = colours(computed("dtype: bfloat16"));
		assertFalse(java.util.Arrays.equals(plain, half), "another rounding");
		colours(computed("dtype: auto"));
		assertEquals(java.util.Set.of(DType.FLOAT32, DType.BFLOAT16), models.loaded().stream().map(LoadOptions::dtype).collect(java.util.stream.Collectors.toSet()));
	}

	private static CommandModule computed(final String options) throws Exception {
		return run(TextToImage.class, Map.of("model", MODEL, "width", 16, "height", 16, "steps", 1, "prompt", "a bowl", "memory", DiffusionModelInputs.FAST, "options", options));
	}

	/** Red, green and blue of all pixels, from 0 to 255. */
	private static float[] colours(final CommandModule done) {
		assertFalse(done.isCanceled(), done.getCancelReason());
		final int[] pixels = (int[]) ((ImagePlus) done.getOutput("result")).getProcessor().convertToRGB().getPixels();
		final float[] colours = new float[3 * pixels.length];
		for (int i = 0; i < colours.length; i++) colours[i] = pixels[i / 3] >> 8 * (i % 3) & 255;
		return colours;
	}

	@Test
	void modelsAreListedAndLeave() throws Exception {
		models.unloadAll();
		assertTrue(report(Map.of()).startsWith("No model is in memory."));
		models.borrow(MODEL).close();
		models.borrow("demo").close();
		final String both = report(Map.of());
		assertTrue(both.contains(MODEL + ": FLOAT32 on cpu, weights of 0.0") && both.contains("demo: ") && both.contains("memory are free."), both);
		assertFalse(report(Map.of("unload", "Named below", "model", "demo")).contains("demo: "));
		try (var lease = models.borrow("demo")) {
			final String left = report(Map.of("unload", "idle ones", "idleMinutes", 5));
			assertTrue(left.contains("demo: ") && left.contains("in use") && !left.contains(MODEL), left);
			assertTrue(report(Map.of("unload", "All")).startsWith("No model"));
		}
		final CommandModule wrong = run(ModelsInMemory.class, Map.of("unload", "some"));
		assertTrue(wrong.isCanceled() && wrong.getCancelReason().contains("\"some\""), wrong.getCancelReason());
	}

	private static String report(final Map<String, Object> inputs) throws Exception {
		final CommandModule done = run(ModelsInMemory.class, inputs);
		assertFalse(done.isCanceled(), done.getCancelReason());
		return (String) done.getOutput("report");
	}
}
