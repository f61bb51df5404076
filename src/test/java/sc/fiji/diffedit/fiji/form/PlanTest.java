package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;

import ij.IJ;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;

/** Every input of every command has its place, and first pages are short. */
class PlanTest {

	private static Context context;
	private static List<Module> modules;

	@BeforeAll
	static void start() {
		context = new Context();
		modules = Modules.all(context);
		assertTrue(modules.size() >= 17, "all commands are looked at, not only " + modules.size());
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static List<String> names(final List<String> rows) {
		return rows.stream().flatMap(row -> Plan.names(row).stream()).toList();
	}

	private static Set<String> visible(final Module module) {
		final Set<String> names = new TreeSet<>();
		Inputs.of(module).stream().filter(input -> input.getVisibility() == ItemVisibility.NORMAL).forEach(input -> names.add(input.getName()));
		return names;
	}

	@Test
	void everyVisibleInputHasOnePlace() {
		for (final Module module : modules) {
			final Plan plan = Plan.of(module);
			final List<String> placed = new ArrayList<>(names(plan.first()));
			plan.more().values().forEach(rows -> placed.addAll(names(rows)));
			assertEquals(visible(module), new TreeSet<>(placed), module.getInfo().getTitle());
			assertEquals(placed.size(), new HashSet<>(placed).size(), module.getInfo().getTitle() + " asks something twice");
		}
	}

	/** What is new gets a place that somebody has thought of: under no heading it would be hard to find. */
	@Test
	void nothingOfTheModelsFormsIsLeftOver() {
		for (final Module module : modules) {
			if (module.getInfo().getInput("memory") == null) continue;
			assertFalse(Plan.of(module).more().containsKey(Plan.OTHER), module.getInfo().getTitle() + ": " + Plan.of(module).more().get(Plan.OTHER));
		}
	}

	@Test
	void theTableNamesNothingThatIsNotThere() {
		final Set<String> commands = new TreeSet<>();
		for (final Module module : modules) {
			final String command = module.getInfo().getDelegateClassName().replaceFirst(".*\\.", "");
			commands.add(command);
			if (!Plan.PLANS.containsKey(command)) continue;
			final Set<String> unknown = new TreeSet<>(names(Plan.PLANS.get(command).first()));
			Plan.PLANS.get(command).more().values().forEach(rows -> unknown.addAll(names(rows)));
			unknown.removeAll(visible(module));
			assertEquals(Set.of(), unknown, command);
		}
		assertTrue(commands.containsAll(Plan.PLANS.keySet()), Plan.PLANS.keySet() + " of " + commands);
	}

	@Test
	void firstPagesAreShort() {
		for (final Module module : modules) {
			final int rows = Plan.of(module).first().size();
			assertTrue(rows <= Plan.MOST_ROWS, module.getInfo().getTitle() + " has " + rows + " rows");
		}
	}

	@Test
	void ofAStackThePlanesAreAskedBelowTheImage() {
		int stacks = 0;
		for (final Module module : modules) {
			if (module.getInfo().getInput("planes") == null) continue;
			stacks++;
			final String title = module.getInfo().getTitle();
			final Plan single = Plan.of(module);
			module.setInput("image", IJ.createImage("stack", 8, 8, 3, 8));
			final Plan stack = Plan.of(module);
			module.setInput("image", null);
			assertFalse(single.onFirstPage().contains("planes"), title);
			assertEquals("planes", stack.first().get(1), title);
			assertTrue(stack.first().size() <= Plan.MOST_ROWS, title + " has " + stack.first().size() + " rows");
			assertEquals(new TreeSet<>(names(single.rows())), new TreeSet<>(names(stack.rows())), title);
			assertEquals(names(single.rows()).size(), names(stack.rows()).size(), title);
		}
		assertEquals(7, stacks);
	}

	@Test
	void theTwoDescriptionsComeFirstAfterTheImage() {
		assertEquals(List.of("image workOn", "source", "target", "model"), Plan.of(Modules.of(context, GenerateMask.class)).first().subList(0, 4));
		assertEquals(List.of("image", "maskFrom drawnMask", "source", "target", "model"), Plan.of(Modules.of(context, EditWithMask.class)).first().subList(0, 5));
	}
}
