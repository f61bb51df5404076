package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.event.KeyEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.command.ContextCommand;
import org.scijava.thread.ThreadService;

import ij.IJ;
import ij.macro.Interpreter;

import sc.fiji.diffedit.Run;

/** Escape, the macro's abort and a cancelled command reach the runs that they are meant for, and those keep it. */
class CancelWatchTest {

	private static ThreadService threads;

	private final Cancelable command = command();

	@BeforeAll
	static void start() {
		threads = new Context(ThreadService.class).service(ThreadService.class);
	}

	@AfterAll
	static void end() {
		threads.context().dispose();
	}

	@AfterEach
	void releaseKey() {
		IJ.resetEscape();
	}

	private static Cancelable command() {
		return new ContextCommand() {

			@Override
			public void run() {}
		};
	}

	private static boolean isCancelled(final Run run) throws InterruptedException {
		final CountDownLatch cancelled = new CountDownLatch(1);
		try (Run.CancelAction waiting = run.onCancel(cancelled::countDown)) {
			return cancelled.await(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void escapeReachesAllThatGoOnAndNoneThatBeginsLater() throws InterruptedException {
		final Run computing = new Run("computing"), waiting = new Run("waiting"), ended = new Run("ended"), later = new Run("later");
		CancelWatch.over(ended, command, threads).close();
		try (CancelWatch one = CancelWatch.over(computing, command, threads); CancelWatch two = CancelWatch.over(waiting, command(), threads)) {
			IJ.setKeyDown(KeyEvent.VK_ESCAPE);
			try (CancelWatch three = CancelWatch.over(later, command(), threads)) { // resets ImageJ's flag at once
				assertTrue(computing.isCancelled(), "before the flag is reset");
				assertTrue(waiting.isCancelled());
				assertFalse(IJ.escapePressed());
				IJ.setKeyDown(KeyEvent.VK_ESCAPE);
				assertTrue(isCancelled(later), "the next press is for it");
			}
		}
		assertFalse(ended.isCancelled());
	}

	@Test
	void escapeBeforeTheRunIsNotMeantForIt() throws InterruptedException {
		final Run run = new Run("a run");
		IJ.setKeyDown(KeyEvent.VK_ESCAPE);
		try (CancelWatch watch = CancelWatch.over(run, command, threads)) {
			IJ.wait(200);
			assertFalse(run.isCancelled());
		}
	}

	@Test
	void escapeStaysWhateverResetsTheFlagLater() throws InterruptedException {
		final Run run = new Run("a run");
		try (CancelWatch watch = CancelWatch.over(run, command, threads)) {
			IJ.setKeyDown(KeyEvent.VK_ESCAPE);
			assertTrue(isCancelled(run));
			IJ.resetEscape();
			IJ.runMacro("x = 1;"); // resets it as well
			assertTrue(run.isCancelled());
		}
	}

	@Test
	void aCancelledCommandCancelsItsRunAlone() throws InterruptedException {
		final Run run = new Run("a run"), other = new Run("another");
		try (CancelWatch one = CancelWatch.over(run, command, threads); CancelWatch two = CancelWatch.over(other, command(), threads)) {
			command.cancel("by a script");
			assertTrue(isCancelled(run));
			assertFalse(other.isCancelled());
		}
	}

	@Test
	void theEndOfItsMacroCancelsTheRunThatItCalledAlone() throws Exception {
		final Run called = new Run("called by the macro"), other = new Run("by hand");
		final CountDownLatch begun = new CountDownLatch(1);
		final CompletableFuture<Boolean> answer = new CompletableFuture<>();
		final Interpreter macro = new Interpreter();
		final Thread thread = new Thread(() -> {
			macro.run("x = 1; call('" + CancelWatchTest.class.getName() + "$Command.run');");
		}, "Macro$");
		Command.work = () -> threads.run(() -> { // Fiji runs commands on another thread
			try (CancelWatch watch = CancelWatch.over(called, command(), threads)) {
				begun.countDown();
				answer.complete(isCancelled(called));
			}
			catch (final InterruptedException e) {
				answer.completeExceptionally(e);
			}
		}).get();
		thread.setDaemon(true);
		try (CancelWatch watch = CancelWatch.over(other, command, threads)) {
			thread.start();
			assertTrue(begun.await(30, TimeUnit.SECONDS));
			macro.abortMacro();
			assertTrue(answer.get(60, TimeUnit.SECONDS));
			assertFalse(other.isCancelled());
		}
	}

	/** As Escape does on the event thread, which the end of a command needs: ImageJ must not wait for the macro meanwhile, and kill it. */
	@Test
	void imageJDoesNotKillTheMacroOfARunThatEnds() throws Exception {
		final CountDownLatch begun = new CountDownLatch(1), eventThreadIsFree = new CountDownLatch(1), returned = new CountDownLatch(1);
		final Interpreter macro = new Interpreter();
		Command.work = () -> {
			try (CancelWatch watch = CancelWatch.over(new Run("called by the macro"), command, threads)) {
				begun.countDown();
				assertTrue(eventThreadIsFree.await(60, TimeUnit.SECONDS));
			}
			returned.countDown();
		};
		final Thread thread = new Thread(() -> macro.run("call('" + CancelWatchTest.class.getName() + "$Command.run');"), "Macro$");
		thread.setDaemon(true);
		thread.start();
		assertTrue(begun.await(30, TimeUnit.SECONDS));
		macro.abortMacro(); // kills the thread unless it hears that the macro has ended
		eventThreadIsFree.countDown();
		assertTrue(returned.await(10, TimeUnit.SECONDS), "the command came to its end");
	}

	/** What the macro calls. */
	public static final class Command {

		private static volatile Work work;

		/** Blocks until the command has ended. */
		interface Work {

			void done() throws Exception;
		}

		public static void run() throws Exception {
			work.done();
		}
	}
}
