package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.options.OptionsService;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.hub.ModelDownload;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.DType;

/** What is set in the options holds for all calls that say nothing else: the call first, then the process, then the options, then the default. */
class DiffEditOptionsTest {

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	@AfterEach
	void toDefaults() {
		UserSettings.DEFAULTS.write();
		new ModelSettings(List.of(), Optional.empty()).write();
		context.service(DiffusionModelService.class).useSettings();
		System.clearProperty("diffedit.dtype");
	}

	private static Module set(final Object... inputs) {
		try {
			return context.service(ModuleService.class).run(context.service(CommandService.class).getCommand(DiffEditOptions.class), true, inputs).get();
		}
		catch (final InterruptedException | ExecutionException e) {
			throw new AssertionError(e);
		}
	}

	@Test
	void theCallComesFirstThenTheProcessThenTheOptionThenTheDefault() {
		assertEquals(DType.FLOAT32, LoadOptions.of("demo").dtype());
		set("dtype", "bfloat16", "device", "cpu", "memory", "Low memory");
		assertEquals(DType.BFLOAT16, LoadOptions.of("demo").dtype());
		assertEquals("cpu", LoadOptions.of("demo").device());
		assertEquals(Preset.LOW_MEMORY, LoadOptions.of("demo").memory().preset());
		System.setProperty("diffedit.dtype", "float16");
		assertEquals(DType.FLOAT16, LoadOptions.of("demo").dtype());
		assertEquals(DType.FLOAT32, LoadOptions.of("demo").withDtype(DType.FLOAT32).dtype());
	}

	@Test
	void aMacroThatSaysNothingFollowsTheOptionsAndItsResultTellsThem() {
		set("memory", "Lowest memory", "dtype", "float32");
		final Provenance follows = made();
		assertEquals("preset=lowest", follows.get("memory").orElseThrow());
		assertEquals("float32", follows.get("dtype").orElseThrow());
		assertEquals("cpu", follows.get("device").orElseThrow());
		assertEquals("preset=fast", made("memory", "Fast").get("memory").orElseThrow());
	}

	private static Provenance made(final Object... more) {
		final Object[] inputs = new Object[8 + more.length];
		System.arraycopy(new Object[] { "prompt", "a cell", "width", 16, "height", 16, "steps", 1 }, 0, inputs, 0, 8);
		System.arraycopy(more, 0, inputs, 8, more.length);
		return Provenance.read((ImagePlus) Commands.run(context, TextToImage.class, inputs).getOutput("result")).orElseThrow();
	}

	@Test
	void whatAMacroLeavesOutStaysAsItIs() {
		set("idleMinutes", 7, "resultCache", 3);
		set("offline", true);
		assertEquals(new UserSettings("auto", "float32", "preset=automatic", 0, 3, 7, true, true), UserSettings.read());
		assertEquals(3 << 20, context.service(DiffusionModelService.class).results().limit());
		set("resultCache", -1, "offline", false);
		assertTrue(context.service(DiffusionModelService.class).results().limit() > 3 << 20);
	}

	@Test
	void optionsAreFoundAsSciJavaHasThem() {
		set("idleMinutes", 11);
		final DiffEditOptions options = context.service(OptionsService.class).getOptions(DiffEditOptions.class);
		assertNotNull(options);
		assertEquals(11, options.getInput("idleMinutes"));
		assertEquals(30, options.getInfo().getInput("idleMinutes").getDefaultValue());
		options.reset();
		assertEquals(UserSettings.DEFAULTS, UserSettings.read());
	}

	@Test
	void whatCannotBeIsRefusedAndNothingIsChanged() {
		for (final Object[] wrong : List.of(new Object[] { "device", "toaster" }, new Object[] { "dtype", "int8" }, new Object[] { "memory", "endless" },
			new Object[] { "idleMinutes", -5 }, new Object[] { "folders", "/not/there" })) {
			final Module done = set(wrong);
			assertTrue(((Cancelable) done).isCanceled(), () -> wrong[0] + " is refused");
			assertEquals(UserSettings.DEFAULTS, UserSettings.read());
		}
		assertFalse(((Cancelable) set("idleMinutes", 5)).isCanceled(), "a refusal does not stay");
	}

	@Test
	void offlineNoServerIsAsked(@TempDir final Path folder) throws IOException {
		try (LocalHub hub = new LocalHub(folder)) {
			set("offline", true);
			final String message = assertThrows(DiffEditException.class, () -> new ModelDownload(hub.address()).plan("org/name", "main", "")).getMessage();
			assertTrue(message.startsWith("DiffEdit works offline"), message);
			assertEquals(List.of(), hub.requests());
		}
	}
}
