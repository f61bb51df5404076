package sc.fiji.diffedit.fiji.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.PluginInfo;
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

	private static CommandModule form() {
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
		final CommandModule done = Commands.run(context, MixCommand.class, "steps", "7", "prompt", "cells", "target", "nuclei", "seed", 3, "feather", 2);
		assertEquals("nuclei cells 7 3 2.0", done.getOutput("result"));
		assertEquals(Map.of("steps", 7, "seed", 3L, "prompt", "cells", "feather", 2.0, "target", "nuclei"), inputs(done));
		assertThrows(IllegalArgumentException.class, () -> form().setInput("step", 1));
		assertThrows(IllegalArgumentException.class, () -> form().setOutput("sum", 1));
		assertNull(form().getInput("step"));
	}

	private static Map<String, Object> inputs(final CommandModule command) {
		final Map<String, Object> inputs = command.getInputs();
		inputs.keySet().removeAll(List.of("context", "threads"));
		return inputs;
	}

	@Test
	void eachFormHasFieldsOfItsOwn() {
		final CommandModule one = form(), other = form();
		one.setInput("steps", 4);
		assertEquals(30, other.getInput("steps"));
		assertEquals(30, one.getInfo().getInput("steps").getDefaultValue());
	}

	@Test
	void callbacksAreMethodsOfTheCommand() throws Exception {
		final CommandModule form = form();
		final MixCommand command = (MixCommand) form.getCommand();
		form.getInfo().getInput("steps").callback(form);
		form.getInfo().getInput("feather").callback(form);
		form.getInfo().getInput("seed").callback(form);
		assertEquals(2, command.changes());
		assertEquals(context, command.context());
		assertSame(context.service(ThreadService.class), command.threads());
	}

	/** Under the command's name and the input's, as ever: what was remembered by an older version is found. */
	@Test
	void whatIsRememberedIsRememberedForTheCommand() {
		final CommandModule form = form();
		form.setInput("prompt", "cells");
		form.setInput("steps", 4);
		context.service(ModuleService.class).saveInputs(form);
		assertEquals("cells", context.service(PrefService.class).get(MixCommand.class, "prompt"));
		final CommandModule next = form();
		context.service(ModuleService.class).loadInputs(next);
		assertEquals(List.of("cells", 30), List.of(next.getInput("prompt"), next.getInput("steps")));
		next.setInput("prompt", "");
		context.service(ModuleService.class).saveInputs(next);
		assertNull(context.service(PrefService.class).get(MixCommand.class, "prompt"), "defaults are not kept");
	}

	@Test
	void aGroupRefusesWhatCannotBeMeant() {
		final CommandModule done = Commands.run(context, MixCommand.class, "steps", 0, "prompt", "", "target", "");
		assertTrue(done.isCanceled());
		assertEquals("steps is 0.", done.getCancelReason());
		assertNull(done.getOutput("result"));
	}

	@Test
	void infosTellOfAllInputs() {
		final String info = (String) Commands.run(context, MixCommand.class, "steps", 7, "prompt", "cells", "target", "nuclei").getOutput("info");
		assertTrue(info.contains("\nfeather=1.5\ntarget=nuclei\nseed=0\nsteps=7\nprompt=CELLS\n"), info);
	}

	/** As those of any command: scripts and programs that look at a form need not run it. */
	@Test
	void theDescriptionOfTheClassHasAllInputs() {
		final CommandInfo info = context.service(CommandService.class).getCommand(MixCommand.class);
		assertSame(info, form().getInfo());
		assertEquals(30, info.getInput("steps").getDefaultValue());
		assertEquals(1, context.service(CommandService.class).getCommandsOfClass(MixCommand.class).size());
		assertEquals(1, context.service(ModuleService.class).getModules().stream().filter(known -> known.getDelegateClassName().equals(MixCommand.class.getName())).count());
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

	/** Its form has the same input twice. */
	public static final class Twice extends PluginCommand {

		public Twice() {
			inputs(new MixCommand.Numbers(1));
			inputs(new MixCommand.Numbers(2));
		}

		@Override
		public void run() {}
	}

	/** One of its inputs has no place. */
	public static final class WithUnordered extends PluginCommand {

		public WithUnordered() {
			inputs(new Unordered());
		}

		@Override
		public void run() {}
	}

	private static FormInfo info(final Class<? extends PluginCommand> command) {
		return new FormInfo(new PluginInfo<>(command, Command.class));
	}

	@Test
	void mistakesAreNotSilent() {
		assertThrows(IllegalStateException.class, () -> info(Twice.class).inputs(), "a key twice");
		assertTrue(assertThrows(IllegalStateException.class, () -> info(WithUnordered.class).inputs()).getMessage().contains("nowhere"));
		assertThrows(IllegalArgumentException.class, Misspelt::new);
	}
}
