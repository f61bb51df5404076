package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.Device;

/** Nobody leaves while native work is under way. */
class DeviceExecutorTest {

	@Test
	void closingWaitsForTheThread() throws Exception {
		final DeviceExecutor executor = new DeviceExecutor(Device.CPU);
		final AtomicReference<Thread> thread = new AtomicReference<>();
		final CountDownLatch begun = new CountDownLatch(1);
		final var run = CompletableFuture.supplyAsync(() -> executor.call(() -> {
			thread.set(Thread.currentThread());
			begun.countDown();
			Thread.sleep(300);
			return 7;
		}, Run.NONE));
		assertTrue(begun.await(60, TimeUnit.SECONDS));
		assertTrue(executor.close(60, TimeUnit.SECONDS));
		assertFalse(thread.get().isAlive());
		assertEquals(7, run.get());
	}

	@Test
	void closingWaitsNoLongerThanItsLimit() throws Exception {
		final DeviceExecutor executor = new DeviceExecutor(Device.CPU);
		final CountDownLatch begun = new CountDownLatch(1);
		final CountDownLatch end = new CountDownLatch(1);
		final var run = CompletableFuture.runAsync(() -> executor.call(() -> {
			begun.countDown();
			return end.await(60, TimeUnit.SECONDS);
		}, Run.NONE));
		assertTrue(begun.await(60, TimeUnit.SECONDS));
		assertFalse(executor.close(50, TimeUnit.MILLISECONDS));
		end.countDown();
		run.get();
	}

	/** Where the thread told the answer before it was idle, about one call in some hundreds was told to wait. */
	@Test
	void nobodyWaitsForOneOfItsOwnEarlierTasks() {
		final List<String> messages = new CopyOnWriteArrayList<>();
		final Run run = new Run("Invert Image", messages::add);
		try (DeviceExecutor executor = new DeviceExecutor(Device.CPU)) {
			for (int i = 0; i < 20_000; i++) executor.call(() -> 7, run);
		}
		assertEquals(List.of(), messages);
	}

	@Test
	void theEndOfJavaStopsTheRunningCallAtItsNextBlock() throws Exception {
		final Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-cp",
			System.getProperty("java.class.path"), EndsInTheMiddle.class.getName()).redirectErrorStream(true).start();
		final String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
		assertTrue(process.waitFor(100, TimeUnit.SECONDS));
		assertEquals(3, process.exitValue(), output);
		assertTrue(output.contains("stopped at a block"), output);
	}

	/** Leaves while a run is under way. */
	static final class EndsInTheMiddle {

		public static void main(final String[] arguments) throws InterruptedException {
			final DeviceExecutor executor = new DeviceExecutor(Device.CPU);
			final CountDownLatch begun = new CountDownLatch(1);
			final Run run = new Run("a run under way");
			final Thread caller = new Thread(() -> executor.call(() -> {
				begun.countDown();
				while (!run.isCancelled()) Thread.onSpinWait();
				System.out.println("stopped at a block");
				return null;
			}, run));
			caller.setDaemon(true);
			caller.start();
			begun.await();
			System.exit(3);
		}
	}

	@Test
	void whoOnlyWantsAnAnswerNeedNotWaitForTheBlockUnderWay() throws Exception {
		try (DeviceExecutor executor = new DeviceExecutor(Device.CPU)) {
			final CountDownLatch begun = new CountDownLatch(1);
			final CountDownLatch blockEnds = new CountDownLatch(1);
			final CountDownLatch freed = new CountDownLatch(1);
			final Run run = new Run("a run");
			final var answer = CompletableFuture.supplyAsync(() -> executor.callDetachable(() -> {
				begun.countDown();
				blockEnds.await();
				freed.countDown();
				return 7;
			}, run));
			assertTrue(begun.await(60, TimeUnit.SECONDS));
			run.cancel();
			assertInstanceOf(CancelledException.class, assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS)).getCause());
			final var next = CompletableFuture.supplyAsync(() -> executor.call(freed::getCount, Run.NONE));
			blockEnds.countDown();
			assertEquals(0, next.get(60, TimeUnit.SECONDS), "the next task comes behind what was left");
		}
	}

	@Test
	void whatMakesSomethingIsWaitedFor() throws Exception {
		try (DeviceExecutor executor = new DeviceExecutor(Device.CPU)) {
			final CountDownLatch begun = new CountDownLatch(1);
			final CountDownLatch end = new CountDownLatch(1);
			final Run run = new Run("a run");
			final var made = CompletableFuture.supplyAsync(() -> executor.call(() -> {
				begun.countDown();
				end.await();
				return "a model";
			}, run));
			assertTrue(begun.await(60, TimeUnit.SECONDS));
			run.cancel();
			end.countDown();
			assertEquals("a model", made.get(60, TimeUnit.SECONDS), "it has an owner who closes it");
		}
	}

	@Test
	void aFailureReachesTheCallerAndTheThreadGoesOn() {
		try (DeviceExecutor executor = new DeviceExecutor(Device.CPU)) {
			assertThrows(ArithmeticException.class, () -> executor.call(() -> {
				throw new ArithmeticException("no");
			}, Run.NONE));
			assertEquals(1, executor.<Integer>call(() -> 1, Run.NONE));
		}
	}
}
