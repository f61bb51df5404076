package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.CommandModule;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.fiji.record.RecordedCall;
import sc.fiji.diffedit.service.RequestPresets;

/** A preset in a macro or script sets what is not given. */
class PresetInputTest {

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	private static CommandModule run(final Object... more) {
		final Object[] inputs = new Object[6 + more.length];
		System.arraycopy(new Object[] { "prompt", "a cell", "width", 16, "height", 16 }, 0, inputs, 0, 6);
		System.arraycopy(more, 0, inputs, 6, more.length);
		return Commands.run(context, TextToImage.class, inputs);
	}

	private static String steps(final CommandModule done) {
		return Provenance.read((ImagePlus) done.getOutput("result")).orElseThrow().get("steps").orElseThrow();
	}

	@Test
	void whatIsGivenWinsOverThePresetAndThatOverTheDefault(@TempDir final Path folder) throws Exception {
		final Path file = Files.writeString(folder.resolve("fast.json"), "{\"values\": {\"steps\": 2, \"maps\": 3}}");
		final CommandModule done = run("preset", file.toString());
		assertEquals("2", steps(done));
		assertEquals("3", steps(run("preset", file.toString(), "steps", 3)));
		final String macro = RecordedCall.of(done).macro();
		assertTrue(macro.contains("steps=2") && !macro.contains("preset"), macro);
	}

	@Test
	void unknownPresetsAreRefused() {
		final CommandModule done = run("preset", "drafty");
		assertTrue(done.isCanceled());
		assertTrue(done.getCancelReason().contains("There is no preset 'drafty'; there are " + RequestPresets.DRAFT), done.getCancelReason());
	}
}
