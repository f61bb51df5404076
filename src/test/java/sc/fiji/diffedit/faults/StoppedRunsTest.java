package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.scijava.Context;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.NoNativeLeaks;

/** Runs whose thread is interrupted, or whose ImageJ is closed in the middle: they end at once, free all, and the next run is right. */
@ExtendWith(NoNativeLeaks.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoppedRunsTest {

	private static final TextToImageRequest LONG = TextToImageRequest.of("green nuclei").withWidth(64).withHeight(64).withNumInferenceSteps(900);

	private static final TextToImageRequest SHORT = LONG.withNumInferenceSteps(2);

	private static DiffusionModelService service(final Context context) {
		final DiffusionModelService service = context.service(DiffusionModelService.class);
		service.results().setLimit(0);
		return service;
	}

	private static String edit(final DiffusionModelService service) {
		try (ModelLease lease = service.borrow(DemoModel.NAME)) {
			return OneEdit.hash(OneEdit.edited(lease));
		}
	}

	@Test
	void anInterruptEndsTheRunAndIsKept() {
		try (Context context = new Context(DiffusionModelService.class)) {
			final DiffusionModelService service = service(context);
			final String before = edit(service);
			try (ModelLease lease = service.borrow(DemoModel.NAME)) {
				final Thread caller = Thread.currentThread();
				assertThrows(CancelledException.class, () -> lease.textToImage(LONG, step -> caller.interrupt()));
				assertTrue(Thread.interrupted(), "who interrupted may ask for it");
			}
			assertEquals(before, edit(service));
		}
	}

	/** Who has borrowed a model keeps it until the lease is closed; nobody else gets one. When Java ends too, runs are cancelled. */
	@Test
	void closingTheContextInTheMiddleLeavesTheRunAloneAndFreesAllAfterIt() {
		final String before;
		final Context context = new Context(DiffusionModelService.class);
		final DiffusionModelService service = service(context);
		before = edit(service);
		try (ModelLease lease = service.borrow(DemoModel.NAME)) {
			lease.textToImage(SHORT, step -> context.dispose());
			assertEquals(before, OneEdit.hash(OneEdit.edited(lease)));
			assertThrows(DiffEditException.class, () -> service.borrow(DemoModel.NAME));
		}
		try (Context another = new Context(DiffusionModelService.class)) {
			assertEquals(before, edit(service(another)));
		}
	}
}
