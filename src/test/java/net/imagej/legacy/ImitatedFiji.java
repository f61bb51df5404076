package net.imagej.legacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.scijava.Context;
import org.scijava.Priority;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.console.ConsoleArgument;
import org.scijava.module.ModuleService;
import org.scijava.module.process.PreprocessorPlugin;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;
import org.scijava.widget.InputHarvester;

import ij.Executer;
import ij.Menus;
import ij.plugin.PlugIn;

/** A SciJava context with Fiji's preprocessors, and ImageJ's menu entries that lead into it. One at a time. */
public final class ImitatedFiji implements AutoCloseable {

	/** The forms that were shown, each with the names of the inputs that it asked for. */
	public static final List<List<String>> FORMS = Collections.synchronizedList(new ArrayList<>());

	private static ImitatedFiji running;

	private final Context context = new Context();

	/** Starts it; ImageJ's table of commands must be there. */
	public ImitatedFiji() {
		running = this;
		context.service(PluginService.class).addPlugin(new PluginInfo<>(MacroArgument.class, ConsoleArgument.class));
		add(MacroLook.class, 2 * Priority.VERY_HIGH);
		add(ActiveImageLook.class, Priority.VERY_HIGH + 1);
		add(FormLook.class, InputHarvester.PRIORITY);
		FORMS.clear();
	}

	private void add(final Class<? extends PreprocessorPlugin> type, final double priority) {
		final PluginInfo<PreprocessorPlugin> info = new PluginInfo<>(type, PreprocessorPlugin.class);
		info.setPriority(priority);
		context.service(PluginService.class).addPlugin(info);
	}

	/** SciJava's context. */
	public Context context() {
		return context;
	}

	/** Puts a command into ImageJ's table, under the name that macros use. */
	public void install(final Class<?> command) {
		final CommandInfo info = context.service(CommandService.class).getCommand(command.getName());
		Menus.getCommands().put(info.getMenuPath().getLeaf().getName(), Entry.class.getName() + "(\"" + command.getName() + "\")");
	}

	/** A click on a menu entry: ImageJ runs it on a thread of its own. This waits until a form or result is there. */
	public static void click(final String label) throws InterruptedException {
		final Thread thread = new Thread(new Executer(label), label);
		thread.start();
		thread.join();
	}

	/** As {@code LegacyService} does for ImageJ's thread. */
	Object runLegacyCompatibleCommand(final String command) {
		try {
			return context.service(ModuleService.class).run(context.service(CommandService.class).getCommand(command), true).get();
		}
		catch (final ExecutionException | InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	@Override
	public void close() {
		Menus.getCommands().values().removeIf(entry -> String.valueOf(entry).startsWith(Entry.class.getName()));
		context.dispose();
		running = null;
	}

	/** The menu entry. */
	public static final class Entry implements PlugIn {

		@Override
		public void run(final String command) {
			running.runLegacyCompatibleCommand(command);
		}
	}
}
