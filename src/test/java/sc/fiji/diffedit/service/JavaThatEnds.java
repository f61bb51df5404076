package sc.fiji.diffedit.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.scijava.Context;

import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * A program that ends in one of many ways while models are in memory and mostly at work; {@link EndOfJavaTest} starts it. It says
 * on its standard output when its end began, in milliseconds of {@link System#currentTimeMillis()}. Its threads catch nothing, so
 * that whatever reaches them is seen on standard error.
 */
final class JavaThatEnds {

	static final int CODE = 3;
	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final LoadOptions MODEL = LoadOptions.of(MODELS.resolve("sd1").toString());
	private static final TextToImageRequest SHORT = TextToImageRequest.of("a red square").withNumInferenceSteps(2).withWidth(64).withHeight(64);
	/** Takes long unless it is stopped. */
	private static final TextToImageRequest LONG = SHORT.withNumInferenceSteps(900);

	private JavaThatEnds() {}

	/** A way to end. */
	enum Order {

		MAIN_RETURNS(0) {

			@Override
			void go() {
				new ModelStore().borrow(MODEL).textToImage(SHORT, StepListener.NONE);
				beginEnd();
			}
		},
		/** Without a model: a tensor is the first thing that needs the engine. */
		TENSORS_ONLY(0) {

			@Override
			void go() {
				try (Scope scope = Scope.open()) {
					Tensor.full(1, DType.FLOAT32, 2, 3).toFloatArray();
				}
				beginEnd();
			}
		},
		ALL_CLOSED(0) {

			@Override
			void go() {
				try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(MODEL)) {
					lease.textToImage(SHORT, StepListener.NONE);
				}
				beginEnd();
			}
		},
		IDLE(CODE) {

			@Override
			void go() {
				new ModelStore().borrow(MODEL).textToImage(SHORT, StepListener.NONE);
				exit();
			}
		},
		IDLE_CONTEXT(CODE) {

			@Override
			void go() {
				service().borrow(MODEL).textToImage(SHORT, StepListener.NONE);
				exit();
			}
		},
		WHILE_LOADING(CODE) {

			@Override
			void go() throws InterruptedException {
				final ModelStore store = new ModelStore();
				new Thread(() -> store.borrow(MODEL), "borrower").start();
				Thread.sleep(ThreadLocalRandom.current().nextLong(1500));
				exit();
			}
		},
		BEFORE_THE_FIRST_MODEL(CODE) {

			@Override
			void go() {
				Runtime.getRuntime().addShutdownHook(new Thread(() -> waiting(() -> new ModelStore().borrow(MODEL.withDevice("cpu"))), "late hook"));
				exit();
			}
		},
		IN_A_CALL(CODE) {

			@Override
			void go() {
				underWay(new ModelStore().borrow(MODEL));
				exit();
			}
		},
		IN_A_CALL_OF_A_CONTEXT(CODE) {

			@Override
			void go() {
				underWay(service().borrow(MODEL));
				exit();
			}
		},
		IN_A_CALL_BY_SIGNAL(128 + 15) {

			@Override
			void go() throws IOException {
				underWay(service().borrow(MODEL));
				beginEnd();
				new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).inheritIO().start();
			}
		},
		IN_A_TEXT(CODE) {

			@Override
			void go() {
				final LoadOptions writer = LoadOptions.of(MODELS.resolve("t5").toString());
				final ModelStore store = new ModelStore();
				final CountDownLatch begun = new CountDownLatch(1);
				new Thread(() -> store.suggest(writer, SuggestionRequest.of("a red square").withMaxNewTokens(200), made -> begun.countDown()), "writer").start();
				await(begun);
				exit();
			}
		},
		WHILE_OTHERS_WAIT(CODE) {

			@Override
			void go() {
				final ModelLease lease = service().borrow(MODEL);
				underWay(lease);
				for (int i = 0; i < 3; i++) waiting(() -> lease.textToImage(LONG, StepListener.NONE));
				waiting(lease::close);
				exit();
			}
		},
		FROM_A_LISTENER(CODE) {

			@Override
			void go() {
				service().borrow(MODEL).textToImage(LONG, step -> exit());
			}
		},
		FROM_A_LISTENER_WHILE_OTHERS_WAIT(CODE) {

			@Override
			void go() {
				final ModelLease lease = new ModelStore().borrow(MODEL);
				final CountDownLatch begun = new CountDownLatch(1);
				final CountDownLatch others = new CountDownLatch(1);
				new Thread(() -> lease.textToImage(LONG, step -> {
					begun.countDown();
					await(others);
					exit();
				}), "caller").start();
				await(begun);
				waiting(() -> lease.textToImage(LONG, StepListener.NONE));
				others.countDown();
			}
		},
		FROM_A_THREAD_THAT_A_LISTENER_AWAITS(CODE) {

			@Override
			void go() {
				new ModelStore().borrow(MODEL).textToImage(LONG, step -> await(started(JavaThatEnds::exit)));
			}
		},
		TWO_STORES(CODE) {

			@Override
			void go() {
				underWay(new ModelStore().borrow(MODEL));
				underWay(service().borrow(MODEL));
				exit();
			}
		},
		TWO_STORES_FROM_A_LISTENER(CODE) {

			@Override
			void go() {
				underWay(new ModelStore().borrow(MODEL));
				new ModelStore().borrow(MODEL).textToImage(LONG, step -> exit());
			}
		},
		ONE_STORE_WITHIN_ANOTHER(CODE) {

			@Override
			void go() {
				final ModelLease outer = new ModelStore().borrow(MODEL);
				final ModelLease inner = new ModelStore().borrow(MODEL);
				final CountDownLatch begun = new CountDownLatch(1);
				new Thread(() -> outer.call(model -> inner.textToImage(LONG, step -> begun.countDown())), "caller").start();
				await(begun);
				exit();
			}
		},
		HOOK_CLOSES(CODE) {

			@Override
			void go() {
				final ModelStore store = new ModelStore();
				final ModelLease lease = store.borrow(MODEL);
				underWay(lease);
				Runtime.getRuntime().addShutdownHook(new Thread(() -> {
					lease.close();
					store.close();
				}, "closing hook"));
				exit();
			}
		},
		HOOK_AWAITS_ITS_POOL(CODE) {

			@Override
			void go() {
				final ModelLease lease = new ModelStore().borrow(MODEL);
				final ExecutorService pool = Executors.newFixedThreadPool(2);
				final CountDownLatch begun = new CountDownLatch(1);
				for (int i = 0; i < 2; i++) pool.submit(() -> lease.textToImage(LONG, step -> begun.countDown()));
				await(begun);
				Runtime.getRuntime().addShutdownHook(new Thread(() -> {
					pool.shutdownNow();
					awaitEnd(pool);
				}, "awaiting hook"));
				exit();
			}
		},
		HOOK_AWAITS_ITS_POOL_WITHOUT_INTERRUPT(CODE) {

			@Override
			void go() {
				final ModelLease lease = new ModelStore().borrow(MODEL);
				final ExecutorService pool = Executors.newFixedThreadPool(2);
				final CountDownLatch begun = new CountDownLatch(1);
				for (int i = 0; i < 2; i++) pool.submit(() -> lease.textToImage(LONG, step -> begun.countDown()));
				await(begun);
				Runtime.getRuntime().addShutdownHook(new Thread(() -> {
					pool.shutdown();
					awaitEnd(pool);
				}, "patient hook"));
				exit();
			}
		};

		private final int code;

		Order(final int code) {
			this.code = code;
		}

		/** The exit code that belongs to it. */
		int code() {
			return code;
		}

		abstract void go() throws Exception;
	}

	/** @param arguments the name of an {@link Order} */
	public static void main(final String[] arguments) throws Exception {
		Order.valueOf(arguments[0]).go();
	}

	private static DiffusionModelService service() {
		return new Context(DiffusionModelService.class).service(DiffusionModelService.class);
	}

	private static void beginEnd() {
		System.out.println(System.currentTimeMillis());
	}

	private static void exit() {
		beginEnd();
		System.exit(CODE);
	}

	/** Lets another thread run for long, and returns when that has begun. */
	private static void underWay(final ModelLease lease) {
		final CountDownLatch begun = new CountDownLatch(1);
		new Thread(() -> lease.textToImage(LONG, step -> begun.countDown()), "caller").start();
		await(begun);
	}

	/** Lets another thread do what it must wait for, and returns when it waits. */
	private static void waiting(final Runnable work) {
		final Thread thread = new Thread(work, "waiting caller");
		thread.start();
		try {
			while (thread.isAlive() && thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) Thread.sleep(5);
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	private static CountDownLatch started(final Runnable work) {
		final CountDownLatch done = new CountDownLatch(1);
		new Thread(() -> {
			work.run();
			done.countDown();
		}, "exiting").start();
		return done;
	}

	private static void await(final CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	private static void awaitEnd(final ExecutorService pool) {
		try {
			if (!pool.awaitTermination(60, TimeUnit.SECONDS)) System.err.println("the pool did not end: " + Arrays.toString(Thread.getAllStackTraces().keySet().toArray()));
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}
}
