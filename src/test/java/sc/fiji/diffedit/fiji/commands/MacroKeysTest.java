package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;

import ij.ImagePlus;

/** Labels are words of people who look at images; the page on Fiji says by which key a macro gives what stands behind each. */
class MacroKeysTest {

	private static final String OURS = "sc.fiji.diffedit.fiji.";
	private static final List<String> PACKAGES = List.of(OURS + "commands.", OURS + "engine.", OURS + "repeat.");
	private static final Path PAGE = Path.of("src/site/markdown/fiji.md"), TABLE = Path.of("target/keys.md");
	private static final String JARGON = ".*\\b(maps|guidance|eta|clip|inference|cfg|top.?k|scale|beams|tokens|encoder|layers|revision|variant|repository)\\b.*";

	private static Context context;
	private static List<CommandInfo> commands;

	@BeforeAll
	static void start() {
		context = new Context();
		commands = context.service(CommandService.class).getCommands().stream().filter(command -> PACKAGES.stream().anyMatch(command.getClassName()::startsWith)).toList();
		assertTrue(commands.size() >= 17, "all commands are looked at, not only " + commands.size());
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static List<ModuleItem<?>> inputs(final CommandInfo command) {
		return StreamSupport.stream(context.service(ModuleService.class).createModule(command).getInfo().inputs().spliterator(), false)
			.filter(input -> input.getLabel() != null && !input.getLabel().isEmpty() && input.getVisibility() == ItemVisibility.NORMAL).toList();
	}

	@Test
	void labelsOfAFormDiffer() {
		for (final CommandInfo command : commands) {
			final List<ModuleItem<?>> inputs = inputs(command);
			assertEquals(inputs.size(), inputs.stream().map(ModuleItem::getLabel).distinct().count(), command.getTitle() + " has a label twice");
		}
	}

	/** ImageJ takes a menu entry that begins so for its own Repeat Command, and runs the command before once more. */
	@Test
	void noCommandBeginsWithRepeat() {
		for (final CommandInfo command : commands) assertFalse(command.getMenuPath().getLeaf().getName().startsWith("Repeat"), command.getClassName());
	}

	@Test
	void labelsAreNoWordsOfProgrammers() {
		for (final CommandInfo command : commands) {
			for (final ModuleItem<?> input : inputs(command)) assertFalse(input.getLabel().toLowerCase().matches(JARGON), command.getTitle() + ": " + input.getLabel());
		}
	}

	@Test
	void everySettingSaysWhatItDoes() {
		for (final CommandInfo command : commands) {
			for (final ModuleItem<?> input : inputs(command)) {
				final boolean isSaid = input.getType() == ImagePlus.class || input.getDescription() != null && !input.getDescription().isBlank();
				assertTrue(isSaid, command.getTitle() + ": " + input.getLabel());
			}
		}
	}

	@Test
	void thePageHasTheKeyOfEveryLabel() throws IOException {
		final Map<String, TreeSet<String>> labels = new TreeMap<>();
		for (final CommandInfo command : commands) inputs(command).forEach(input -> labels.computeIfAbsent(input.getName(), name -> new TreeSet<>()).add(input.getLabel()));
		final List<String> rows = new ArrayList<>();
		labels.forEach((name, all) -> rows.add("| `" + name + "` | " + String.join("; ", all) + " |"));
		Files.write(TABLE, rows);
		final List<String> page = Files.readAllLines(PAGE);
		assertEquals("", String.join("\n", rows.stream().filter(row -> !page.contains(row)).toList()), "missing on the page; all rows are in " + TABLE);
	}
}
