package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.service.Service;

/**
 * The forms as users and their macros know them, input by input: keys, labels, choices, defaults and ranges must not change by
 * chance. A change that is wanted is made in {@code inputs.txt} too.
 */
class InputsTest {

	private static final String FORMS = "inputs.txt";

	@Test
	void formsAreAsUsersKnowThem() throws IOException {
		final List<String> expected, found = forms();
		try (InputStream in = InputsTest.class.getResourceAsStream(FORMS)) {
			expected = new String(Objects.requireNonNull(in, FORMS).readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		if (!found.equals(expected)) Files.write(Path.of("target", FORMS), found);
		final int first = firstDifference(expected, found);
		assertEquals(line(expected, first), line(found, first), "line " + (first + 1) + "; all that was found is in target/" + FORMS);
	}

	private static int firstDifference(final List<String> expected, final List<String> found) {
		int line = 0;
		while (line < expected.size() && line < found.size() && expected.get(line).equals(found.get(line))) line++;
		return line;
	}

	private static String line(final List<String> lines, final int number) {
		return number < lines.size() ? lines.get(number) : "the end";
	}

	private static List<String> forms() {
		final List<String> lines = new ArrayList<>();
		try (Context context = new Context()) {
			final List<CommandInfo> commands = context.service(CommandService.class).getCommands().stream()
				.filter(command -> command.getClassName().startsWith(InputsTest.class.getPackageName() + "."))
				.sorted(Comparator.comparing(CommandInfo::getClassName)).toList();
			for (final CommandInfo command : commands) {
				lines.add(command.getClassName().replaceFirst(".*\\.", ""));
				final Module module = context.service(ModuleService.class).createModule(command);
				module.getInfo().inputs().forEach(input -> {
					if (!isEnvironment(input)) lines.add(line(input, module));
				});
			}
		}
		return lines;
	}

	private static boolean isEnvironment(final ModuleItem<?> input) {
		return input.getType() == Context.class || Service.class.isAssignableFrom(input.getType());
	}

	private static String line(final ModuleItem<?> input, final Module module) {
		final Object value = module.getInput(input.getName());
		assertEquals(input.getDefaultValue(), value, () -> input.getName() + " begins with its default");
		assertFalse(input.isPersisted(), () -> input.getName() + " is remembered by the form, not by SciJava");
		final List<String> facts = new ArrayList<>(List.of("\t" + input.getName(), input.getType().getSimpleName(), "label: " + input.getLabel()));
		if (input.getVisibility() != ItemVisibility.NORMAL) facts.add(input.getVisibility().name());
		if (value != null && !value.equals("")) facts.add("default: " + value);
		if (input.getMinimumValue() != null) facts.add("min: " + input.getMinimumValue());
		if (input.getMaximumValue() != null) facts.add("max: " + input.getMaximumValue());
		if (input.getStepSize() != null) facts.add("step: " + input.getStepSize());
		if (input.getChoices() != null && !input.getChoices().isEmpty()) facts.add("choices: " + input.getChoices());
		if (!input.isRequired()) facts.add("optional");
		if (!input.isAutoFill()) facts.add("never filled");
		if (!input.getCallback().isEmpty()) facts.add("calls: " + input.getCallback());
		if (!input.getWidgetStyle().isEmpty()) facts.add("style: " + input.getWidgetStyle());
		facts.add("help: " + input.getDescription());
		return String.join(" | ", facts);
	}
}
