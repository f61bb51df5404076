package sc.fiji.diffedit.fiji.window;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.swing.SwingUtilities;

import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.thread.ThreadService;

import ij.IJ;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/**
 * Runs commands on another thread, one at a time, and tells how far they are. The command is the one that macros call, so its results
 * have the same bits; it is run without SciJava's processors, so that nothing is asked, shown or recorded. All methods are for the
 * event thread, and listeners are called there.
 */
public final class Job {

	private final Context context;
	private final Runnable changed;
	private PluginCommand running;
	/** Stands for what is prepared now; null for nothing. */
	private Object preparing;
	private String sentence = "";
	private String prefix = "";
	private double part = -1;
	private boolean hasFailed;

	/** @param changed called when anything of the following has changed */
	Job(final Context context, final Runnable changed) {
		this.context = context;
		this.changed = changed;
	}

	public boolean isBusy() {
		return running != null || preparing != null;
	}

	/** What the run says of itself; after it, why it failed, or what it wants to be known. Empty for nothing. */
	public String sentence() {
		return sentence;
	}

	/** How much of the present stage is done, 0 to 1; negative where that is not known. */
	public double part() {
		return part;
	}

	/** Whether the last run has failed. */
	public boolean hasFailed() {
		return hasFailed;
	}

	/**
	 * Starts a command.
	 *
	 * @param inputs by their names; others have their defaults
	 * @param done takes the command's module when it has come to its end; not called when it fails or is cancelled
	 * @throws IllegalStateException if a run is going on
	 */
	public void run(final Class<? extends PluginCommand> command, final Map<String, Object> inputs, final Consumer<Module> done) {
		run(command, inputs, prepared -> {}, module -> module, done, () -> {});
	}

	/**
	 * Starts a command.
	 *
	 * @param inputs by their names; others have their defaults
	 * @param prepare takes the command before it runs
	 * @param read makes what is wanted of the command's module when it has come to its end, on the thread that computes
	 * @param done takes that
	 * @param failed called instead when it fails or is cancelled
	 * @throws IllegalStateException if a run is going on
	 */
	<T> void run(final Class<? extends PluginCommand> command, final Map<String, Object> inputs, final Consumer<PluginCommand> prepare, final Function<Module, T> read,
		final Consumer<T> done, final Runnable failed)
	{
		if (isBusy()) throw new IllegalStateException("a run is going on");
		final Module module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command));
		inputs.forEach(module::setInput);
		running = (PluginCommand) module.getDelegateObject();
		running.setListener((said, much) -> SwingUtilities.invokeLater(() -> told(module, said, much)));
		show("", -1, false);
		prepare.accept(running);
		context.service(ThreadService.class).run(() -> run(module, read, done, failed));
	}

	private <T> void run(final Module module, final Function<Module, T> read, final Consumer<T> done, final Runnable failed) {
		try {
			module.run();
			final T value = ((PluginCommand) module.getDelegateObject()).isCanceled() ? null : read.apply(module);
			SwingUtilities.invokeLater(() -> ended(() -> done.accept(value), failed));
		}
		catch (final RuntimeException | Error e) {
			IJ.log("DiffEdit: " + e);
			SwingUtilities.invokeLater(() -> {
				running = null;
				show("The run failed: " + e, -1, true);
				failed.run();
			});
		}
	}

	/**
	 * Does what comes before a run on another thread; it counts as a part of the run, which a cancel keeps from beginning.
	 *
	 * @param said meanwhile
	 * @param done takes what was made; not called if it was refused
	 * @throws IllegalStateException if a run is going on
	 */
	<T> void prepare(final String said, final Supplier<T> work, final Consumer<T> done) {
		if (isBusy()) throw new IllegalStateException("a run is going on");
		final Object mine = new Object();
		preparing = mine;
		show(said, -1, false);
		aside(work, value -> prepared(mine, () -> done.accept(value)), reason -> prepared(mine, () -> say(reason, true)));
	}

	private void prepared(final Object mine, final Runnable next) {
		if (preparing != mine) return;
		preparing = null;
		show("", -1, false);
		next.run();
	}

	/** Does a piece of work on another thread, whatever else is going on. @param done takes what was made; if it was refused, the job says why */
	<T> void aside(final Supplier<T> work, final Consumer<T> done) {
		aside(work, done, reason -> say(reason, true));
	}

	private <T> void aside(final Supplier<T> work, final Consumer<T> done, final Consumer<String> refused) {
		context.service(ThreadService.class).run(() -> {
			try {
				final T value = work.get();
				SwingUtilities.invokeLater(() -> orSay(() -> done.accept(value)));
			}
			catch (final DiffEditException e) {
				SwingUtilities.invokeLater(() -> refused.accept(e.getMessage()));
			}
			catch (final RuntimeException | Error e) {
				IJ.log("DiffEdit: " + e);
				SwingUtilities.invokeLater(() -> refused.accept("It failed: " + e));
			}
		});
	}

	private void told(final Module module, final String said, final double much) {
		if (running == module.getDelegateObject() && !running.isCanceled()) show(prefix + said, much, false);
	}

	private void ended(final Runnable done, final Runnable failed) {
		final PluginCommand ended = running;
		running = null;
		if (ended.isCanceled()) {
			final String reason = Objects.toString(ended.getCancelReason(), "").replace('\n', ' ');
			show(reason.isEmpty() ? "Cancelled." : reason, -1, !reason.isEmpty());
			failed.run();
			return;
		}
		show("", -1, false);
		done.run();
	}

	/** Sets what stands before everything that runs say of themselves from now on. */
	void setPrefix(final String newPrefix) {
		prefix = newPrefix;
	}

	/** Says something when no run does. */
	void say(final String newSentence, final boolean isTrouble) {
		show(newSentence, -1, isTrouble);
	}

	/** Does what the user asks for, and says why if it is refused. What was said of something earlier is said no more. */
	void attempt(final Runnable work) {
		if (!isBusy()) say("", false);
		orSay(work);
	}

	private void orSay(final Runnable work) {
		try {
			work.run();
		}
		catch (final DiffEditException e) {
			say(e.getMessage(), true);
		}
	}

	private void show(final String newSentence, final double newPart, final boolean newFailed) {
		sentence = newSentence;
		part = newPart;
		hasFailed = newFailed;
		changed.run();
	}

	/** Stops the run at its next piece of work. */
	public void cancel() {
		if (preparing != null) {
			preparing = null;
			show("Cancelled.", -1, false);
		}
		if (running == null || running.isCanceled()) return;
		running.cancel("");
		show("Stopping...", -1, false);
	}
}
