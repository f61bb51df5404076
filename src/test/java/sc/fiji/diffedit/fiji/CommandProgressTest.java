package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.ContextCommand;
import org.scijava.task.TaskService;

import sc.fiji.diffedit.pipelines.StepListener.Step;

/** What a run that computes for long says of itself between its steps. */
class CommandProgressTest {

	private static final String BLOCK = "Block 34 of 39";

	private static Context context;

	private final List<String> told = new ArrayList<>();

	@BeforeAll
	static void start() {
		context = new Context(TaskService.class, StatusService.class);
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private CommandProgress progress() {
		return new CommandProgress(new Nothing(), context.service(TaskService.class), context.service(StatusService.class), (sentence, part) -> told.add(part + " " + sentence));
	}

	private static void step(final CommandProgress progress, final int index) {
		progress.stepped(new Step("Inversion", index, 4, 0, null));
	}

	@Test
	void theLastStepStaysBeforeTheBlocksOfTheNext() {
		try (CommandProgress progress = progress()) {
			progress.run().report(BLOCK);
			step(progress, 0);
			progress.run().report(BLOCK);
			step(progress, 3);
			progress.run().report("Latents to image: block 2 of 30");
		}
		assertEquals(List.of("-1.0 " + BLOCK, "0.25 Inversion: step 1 of 4", "0.25 Inversion: step 1 of 4. " + BLOCK, "1.0 Inversion: step 4 of 4",
			"-1.0 Latents to image: block 2 of 30"), told);
	}

	@Test
	void thePlaneStaysToo() {
		try (CommandProgress progress = progress()) {
			progress.plane(0, 2, "z=1");
			step(progress, 3);
			progress.plane(1, 2, "z=2");
			progress.run().report(BLOCK);
			step(progress, 0);
			progress.run().report(BLOCK);
		}
		assertEquals(List.of("0.0 Plane 1 of 2 (z=1); Inversion: step 4 of 4", "-1.0 " + BLOCK, "0.5 Plane 2 of 2 (z=2); Inversion: step 1 of 4",
			"0.5 Plane 2 of 2 (z=2); Inversion: step 1 of 4. " + BLOCK), told);
	}

	private static final class Nothing extends ContextCommand {

		@Override
		public void run() {}
	}
}
