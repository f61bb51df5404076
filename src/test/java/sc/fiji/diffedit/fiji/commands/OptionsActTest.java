package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.app.event.StatusEvent;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.options.OptionsService;

import ij.ImagePlus;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelInMemory;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/** Each of the options is set by its form and then seen to act on a real model: the small one that comes with the plugin. */
@Timeout(120)
class OptionsActTest {

	private static final Map<String, Object> SMALL = Map.of("width", 16, "height", 16, "steps", 1);
	private static final double GIGABYTE = 1e9;

	private static Context context;
	private static DiffusionModelService models;

	@BeforeAll
	static void open() {
		context = new Context();
		models = context.service(DiffusionModelService.class);
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@AfterEach
	void toDefaults() {
		context.service(OptionsService.class).getOptions(DiffEditOptions.class).reset();
		new ModelSettings(List.of(), Optional.empty()).write();
		models.unloadAll();
	}

	private static Module run(final Class<? extends Command> command, final Map<String, Object> inputs) {
		try {
			return context.service(ModuleService.class).run(context.service(CommandService.class).getCommand(command), true, inputs).get();
		}
		catch (final InterruptedException | ExecutionException e) {
			throw new AssertionError(e);
		}
	}

	private static boolean isCanceled(final Module done) {
		return ((Cancelable) done).isCanceled();
	}

	private static String reason(final Module done) {
		return ((Cancelable) done).getCancelReason();
	}

	private static void set(final Map<String, Object> options) {
		final Module done = run(DiffEditOptions.class, options);
		assertFalse(isCanceled(done), reason(done));
	}

	private static Module made(final String prompt) {
		final Map<String, Object> inputs = new HashMap<>(SMALL);
		inputs.put("prompt", prompt);
		return run(TextToImage.class, inputs);
	}

	private static Provenance make(final String prompt) {
		final Module done = made(prompt);
		assertFalse(isCanceled(done), reason(done));
		return Provenance.read((ImagePlus) done.getOutput("result")).orElseThrow();
	}

	private static List<String> types() {
		return models.inMemory().stream().map(ModelInMemory::options).map(options -> options.dtype().toString()).toList();
	}

	/** As if that many minutes had passed since the models were last used. */
	private static void age(final long minutes) throws ReflectiveOperationException {
		final Object table = field(field(field(models, "store"), "models"), "models");
		for (final Object model : ((Map<?, ?>) table).values()) {
			final Field lastUse = model.getClass().getSuperclass().getDeclaredField("lastUse");
			lastUse.setAccessible(true);
			lastUse.setLong(model, lastUse.getLong(model) - TimeUnit.MINUTES.toNanos(minutes));
		}
	}

	private static Object field(final Object of, final String name) throws ReflectiveOperationException {
		final Field field = of.getClass().getDeclaredField(name);
		field.setAccessible(true);
		return field.get(of);
	}

	@Test
	void aModelLeavesAfterTheIdleTimeAndNotBefore() throws Exception {
		set(Map.of("idleMinutes", 3));
		make("a cell");
		age(2);
		set(Map.of("idleMinutes", 3));                                             // the clock looks at once
		Thread.sleep(200);
		assertEquals(1, models.inMemory().size(), "two minutes are fewer than three");
		age(2);
		set(Map.of("idleMinutes", 0));
		Thread.sleep(200);
		assertEquals(1, models.inMemory().size(), "0 is never");
		set(Map.of("idleMinutes", 3));
		while (!models.inMemory().isEmpty()) Thread.sleep(10);
		make("a cell");
		assertEquals(1, models.inMemory().size(), "it is loaded again when it is needed");
	}

	@Test
	void modelsBeyondTheMemoryLimitLeaveTheOldestFirst() {
		make("a cell");
		final double size = models.inMemory().get(0).bytes() / GIGABYTE;
		set(Map.of("dtype", "bfloat16"));
		make("a cell");
		assertEquals(List.of("FLOAT32", "BFLOAT16"), types(), "both have room");
		set(Map.of("memoryLimit", size));
		assertEquals(List.of("BFLOAT16"), types(), "the limit acts at once");
		set(Map.of("dtype", "float32"));
		make("a cell");
		assertEquals(List.of("FLOAT32"), types(), "one makes room for the other");
	}

	/** As the tool tip says: a model that is needed may take more, and leaves for the next one. */
	@Test
	void aSingleModelMayTakeMoreThanTheLimit() {
		set(Map.of("memoryLimit", 1e-6));
		make("a cell");
		assertEquals(List.of("FLOAT32"), types());
		set(Map.of("dtype", "bfloat16"));
		make("a cell");
		assertEquals(List.of("BFLOAT16"), types());
	}

	@Test
	void theElementTypeAndTheDeviceAreThoseThatWereSet() {
		set(Map.of("dtype", "bfloat16", "device", "cpu"));
		final Provenance made = make("a cell");
		assertEquals("bfloat16", made.get("dtype").orElseThrow());
		assertEquals("cpu", made.get("device").orElseThrow());
		assertEquals(Device.CPU.toString(), models.inMemory().get(0).device());
	}

	@Test
	void aDeviceThatIsNotThereIsToldByTheRun() {
		assumeFalse(!Torch.expectedDevice().isCpu(), "a machine with a card");
		set(Map.of("device", "cuda:0"));
		final Module done = made("a cell");
		assertTrue(isCanceled(done) && reason(done).contains("cuda:0"), reason(done));
		assertTrue(models.inMemory().isEmpty());
	}

	@Test
	void theResultCacheIsFilledUnlessItIsOff() {
		set(Map.of("resultCache", 0));
		make("a cell");
		assertEquals(List.of(), models.results().entries());
		set(Map.of("resultCache", 50));
		final Provenance first = make("a cell");
		final Collection<ResultStore.Entry> kept = models.results().entries();
		assertFalse(kept.isEmpty());
		assertEquals(first.entries(), make("a cell").entries());
		assertTrue(models.results().entries().stream().anyMatch(entry -> entry.uses() > 0), "used again");
		set(Map.of("resultCache", 0));
		assertEquals(List.of(), models.results().entries(), "switched off, it is empty at once");
	}

	@Test
	void modelsAreFoundInTheFoldersThatWereSet() {
		final Path folder = GoldenCase.model("sd1").toAbsolutePath().getParent();
		final Map<String, Object> inputs = new HashMap<>(SMALL);
		inputs.putAll(Map.of("prompt", "a bowl", "model", "sd1"));
		assertTrue(isCanceled(run(TextToImage.class, inputs)), "not found yet");
		set(Map.of("folders", folder.toString()));
		final Module done = run(TextToImage.class, inputs);
		assertFalse(isCanceled(done), reason(done));
	}

	@Test
	void noticesAreShownUnlessTheyAreSwitchedOff() {
		final List<String> shown = new ArrayList<>();
		final Object listener = new Object() {

			@EventHandler
			public void onEvent(final StatusEvent event) {
				if (!event.isWarning() && event.getStatusMessage() != null) shown.add(event.getStatusMessage());
			}
		};
		final var subscriptions = context.service(EventService.class).subscribe(listener);
		final String tooLong = "cell ".repeat(90), notice = "The prompt is longer than 77 tokens";
		final Provenance told = make(tooLong);
		assertEquals(1, shown.stream().filter(text -> text.startsWith(notice)).count(), shown.toString());
		shown.clear();
		set(Map.of("notices", false));
		assertEquals(told.entries(), make(tooLong).entries(), "the result's info has them in any case");
		assertEquals(List.of(), shown.stream().filter(text -> text.startsWith(notice)).toList());
		assertTrue(told.text().contains(notice), told.text());
		assertFalse(subscriptions.isEmpty());
	}

	@Test
	void memoryPresetAndDefaultsAreThoseOfTheForm() {
		set(Map.of("memory", "Low memory"));
		assertEquals("preset=low", make("a cell").get("memory").orElseThrow());
		context.service(OptionsService.class).getOptions(DiffEditOptions.class).reset();
		assertEquals(UserSettings.DEFAULTS, UserSettings.read());
		assertArrayEquals(new int[] { 30, -1 }, new int[] { UserSettings.read().idleMinutes(), UserSettings.read().resultCache() });
	}
}
