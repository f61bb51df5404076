package sc.fiji.diffedit.fiji.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.module.event.ModuleFinishedEvent;

import ij.IJ;
import ij.Menus;
import net.imagej.legacy.ImitatedFiji;

import sc.fiji.diffedit.fiji.commands.ResultCache;

/** Macros go on with the names that commands had in earlier versions. */
class OldNamesTest {

	private static final String OLD = "Kept Results...";

	/** Classes of the commands that have finished in Fiji. */
	private final List<String> finished = new CopyOnWriteArrayList<>();

	@BeforeEach
	void startTable() {
		HeadlessMenus.install();
	}

	@AfterAll
	static void letGo() {
		HeadlessMenus.install();
		SharedContext.dispose();
	}

	@EventHandler
	private void onFinish(final ModuleFinishedEvent event) {
		finished.add(event.getModule().getInfo().getDelegateClassName());
	}

	@Test
	void eachOldNameHasACurrentOne() {
		assertEquals(Map.of(OLD, "Result Cache...", "Repeat From Info...", "Make Again From Info...", "DiffEdit Options...", "DiffEdit... "), OldNames.current());
	}

	@Test
	void plainImageJ() {
		final String printed = run();
		assertTrue(printed.contains("MB were freed."), printed);
	}

	@Test
	void fijiHasThemOutsideOfItsMenusAndSearch() {
		SharedContext.dispose();
		Menus.getCommands().keySet().removeAll(OldNames.current().keySet());
		assertTrue(run().contains("HeadlessException"), "ImageJ's message: the command is unknown");
		try (ImitatedFiji fiji = new ImitatedFiji()) {
			fiji.install(ResultCache.class);
			fiji.context().service(EventService.class).subscribe(this);
			assertFalse(run().contains("HeadlessException"), "the command is known");
			assertEquals(List.of(ResultCache.class.getName()), finished);
			assertFalse(Menus.getCommands().containsKey(OLD));
		}
		assertTrue(run().contains("HeadlessException"), "the names go with their context");
	}

	private static String run() {
		return Printed.by(() -> IJ.runMacro("run('" + OLD + "', 'clear');"));
	}
}
