package sc.fiji.diffedit.fiji.commands;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.Service;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** A command is a form with a few sentences under it, and what several forms ask is declared once. */
class CommandFilesTest {

	private static final Path SOURCES = Path.of("src/main/java");
	private static final int MOST_LINES_OF_A_COMMAND = 90;

	/** Commands that may be longer, with the reason. */
	private static final Map<String, String> LONGER = Map.of(
		"DiffEditOptions", "does no work, but is itself what SciJava asks for the user's settings");

	/** Inputs that are declared more than once, with the reason. */
	private static final Map<String, String> SEVERAL = Map.ofEntries(
		entry("count", "of images, each from its own seed, and of prompts, which have one seed together"),
		entry("words", "of a caption after its beginning, and of each prompt that is suggested"),
		entry("maps", "of masks, and of the demo, which has a fixed recipe but for these two"),
		entry("steps", "of any run, and of the demo, which has a fixed recipe but for these two"),
		entry("model", "that a command runs, and that is to leave memory"),
		entry("memory", "of a run, and of all runs that say nothing else"),
		entry("folders", "in Model Folders and among the options, which are the same value"),
		entry("cache", "in Model Folders and among the options, which are the same value"),
		entry("idleMinutes", "in Models in Memory and among the options, which are the same value"),
		entry("image", "that a command works on, and that is measured without being changed"),
		entry("maskFrom", "where an image may change, and which parts are measured, by other means"),
		entry("selection", "of a recorded call that works on it, or that measures within it"),
		entry("drawnMask", "where an image may change, and which parts are measured"),
		entry("corners", "of label images, and of the parts that are measured"));

	private static final List<JavaClass> CLASSES = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(CommandFilesTest.class.getPackageName()).stream().toList();

	private static List<JavaClass> commands() {
		return CLASSES.stream().filter(type -> type.isAnnotatedWith(Plugin.class) && type.isAssignableTo(Command.class)).toList();
	}

	@Test
	void noCommandIsLong() throws IOException {
		final List<String> found = new ArrayList<>();
		for (final JavaClass command : commands()) {
			final long lines;
			try (Stream<String> text = Files.lines(SOURCES.resolve(command.getName().replace('.', '/') + ".java"))) {
				lines = text.count();
			}
			final boolean mayBe = LONGER.containsKey(command.getSimpleName());
			if (lines > MOST_LINES_OF_A_COMMAND != mayBe) found.add(command.getSimpleName() + " has " + lines + " lines" + (mayBe ? ", and need not be in the list" : ""));
		}
		assertEquals(List.of(), found, "what inputs mean belongs to their group");
		assertTrue(commands().size() >= 14, "all commands are looked at, not only " + commands().size());
	}

	@Test
	void anInputIsDeclaredOnce() {
		final Map<String, Integer> declared = new TreeMap<>();
		for (final JavaClass type : CLASSES) {
			if (!type.isAssignableTo(Command.class) && !type.isAssignableTo(InputGroup.class)) continue;
			type.getFields().stream().filter(CommandFilesTest::isInput).forEach(field -> declared.merge(field.getName(), 1, Integer::sum));
		}
		declared.values().removeIf(times -> times == 1);
		assertEquals(SEVERAL.keySet().stream().sorted().toList(), List.copyOf(declared.keySet()));
	}

	private static boolean isInput(final JavaField field) {
		return field.isAnnotatedWith(Parameter.class) && field.getAnnotationOfType(Parameter.class).type() == ItemIO.INPUT
			&& !field.getRawType().isAssignableTo(Service.class);
	}

	@Test
	void reasonsAreGiven() {
		LONGER.forEach((command, reason) -> assertTrue(reason.length() > 20, command));
		SEVERAL.forEach((input, reason) -> assertTrue(reason.length() > 20, input));
	}
}
