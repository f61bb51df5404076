package sc.fiji.diffedit.fiji.forms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.plugin.Parameter;
import org.scijava.prefs.PrefService;
import org.scijava.thread.ThreadService;

/** Inputs of groups are to SciJava what a command's own inputs are. */
class FormsTest {

	private static Context context;

	@BeforeAll
	static void open() {
		context = new Context();
		context.service(PrefService.class).clear(MixCommand.class);
	}

	@AfterAll
	static void close() {
		context.service(PrefService.class).clear(MixCommand.class);
		context.dispose();
	}

	private static PluginCommand form() {
		return Commands.form(context, MixCommand.class);
	}

	@Test
	void allInputsStandInOneOrder() {
		final List<String> names = new ArrayList<>();
		form().getInfo().inputs().forEach(input -> names.add(input.getName()));
		assertEquals(List.of("context", "threads", "prompt", "target", "steps", "seed", "feather"), names);
		assertEquals("Mix...", form().getInfo().getMenuPath().getLeaf().getName());
	}

	@Test
	void anInputOfAGroupIsDescribedByItsFieldAndByTheGroup() {
		final ModuleItem<?> steps = form().getInfo().getInput("steps"), prompt = form().getInfo().getInput("prompt");
		assertEquals(List.of(int.class, int.class, 30, 1), List.of(steps.getType(), steps.getGenericType(), steps.getDefaultValue(), steps.getMinimumValue()));
		assertEquals(List.of("Steps", "How many of 30."), List.of(steps.getLabel(), steps.getDescription()));
		assertTrue(steps.isRequired() && !steps.isPersisted());
		assertEquals("Prompt: what", prompt.getLabel());
		assertTrue(!prompt.isRequired() && prompt.isPersisted());
	}

	@Test
	void valuesAreConvertedAndReachTheFields() {
		final PluginCommand done = Commands.run(context, MixCommand.class, "steps", "7", "prompt", "cells", "target", "nuclei", "seed", 3, "feather", 2);
		assertEquals("nuclei cells 7 3 2.0", done.getOutput("result"));
		assertEquals(Map.of("steps", 7, "seed", 3L, "prompt", "cells", "feather", 2.0, "target", "nuclei"), inputs(done));
		assertThrows(IllegalArgumentException.class, () -> form().setInput("step", 1));
		assertThrows(IllegalArgumentException.class, () -> form().setOutput("sum", 1));
		assertNull(form().getInput("step"));
	}

	private static Map<String, Object> inputs(final PluginCommand command) {
		final Map<String, Object> inputs = command.getInputs();
		inputs.keySet().removeAll(List.of("context", "threads"));
		return inputs;
	}

	@Test
	void eachFormHasFieldsOfItsOwn() {
		final PluginCommand one = form(), other = form();
		one.setInput("steps", 4);
		assertEquals(30, other.getInput("steps"));
		assertEquals(30, one.getInfo().getInput("steps").getDefaultValue());
		assertNotSame(one.getInfo(), other.getInfo());
	}

	@Test
	void callbacksAreMethodsOfTheCommand() throws Exception {
		final MixCommand form = (MixCommand) form();
		form.getInfo().getInput("steps").callback(form);
		form.getInfo().getInput("feather").callback(form);
		form.getInfo().getInput("seed").callback(form);
		assertEquals(2, form.changes());
		assertEquals(context, form.context());
		assertSame(context.service(ThreadService.class), form.threads());
	}

	/** Under the command's name and the input's, as ever: what was remembered by an older version is found. */
	@Test
	void whatIsRememberedIsRememberedForTheCommand() {
		final PluginCommand form = form();
		form.setInput("prompt", "cells");
		form.setInput("steps", 4);
		context.service(ModuleService.class).saveInputs(form);
		assertEquals("cells", context.service(PrefService.class).get(MixCommand.class, "prompt"));
		final PluginCommand next = form();
		context.service(ModuleService.class).loadInputs(next);
		assertEquals(List.of("cells", 30), List.of(next.getInput("prompt"), next.getInput("steps")));
		next.setInput("prompt", "");
		context.service(ModuleService.class).saveInputs(next);
		assertNull(context.service(PrefService.class).get(MixCommand.class, "prompt"), "defaults are not kept");
	}

	@Test
	void aGroupRefusesWhatCannotBeMeant() {
		final PluginCommand done = Commands.run(context, MixCommand.class, "steps", 0, "prompt", "", "target", "");
		assertTrue(done.isCanceled());
		assertEquals("steps is 0.", done.getCancelReason());
		assertNull(done.getOutput("result"));
	}

	@Test
	void infosTellOfAllInputs() {
		final String info = (String) Commands.run(context, MixCommand.class, "steps", 7, "prompt", "cells", "target", "nuclei").getOutput("info");
		assertTrue(info.contains("\nfeather=1.5\ntarget=nuclei\nseed=0\nsteps=7\nprompt=CELLS\n"), info);
	}

	@Test
	void theDescriptionOfTheClassNeedsNoContext() {
		assertEquals(30, new MixCommand().getInput("steps"));
		assertEquals(MixCommand.class.getName(), context.service(CommandService.class).getCommand(MixCommand.class).getDelegateClassName());
	}

	// ---- mistakes of programmers

	/** Has an input that no order knows. */
	private static final class Unordered extends InputGroup {

		@Parameter
		private int nowhere;
	}

	/** Names an input that it does not have. */
	private static final class Misspelt extends InputGroup {

		@Parameter
		private int steps;

		Misspelt() {
			setHelp("step", "How many.");
		}
	}

	private static PluginCommand with(final InputGroup... groups) {
		return new PluginCommand() {

			{
				for (final InputGroup group : groups) inputs(group);
			}

			@Override
			public void run() {}
		};
	}

	@Test
	void mistakesAreNotSilent() {
		assertThrows(IllegalStateException.class, () -> with(new MixCommand.Numbers(1), new MixCommand.Numbers(2)), "a key twice");
		final PluginCommand unordered = with(new Unordered());
		assertTrue(assertThrows(IllegalStateException.class, () -> unordered.getInfo().inputs()).getMessage().contains("nowhere"));
		assertThrows(IllegalArgumentException.class, Misspelt::new);
	}
}
