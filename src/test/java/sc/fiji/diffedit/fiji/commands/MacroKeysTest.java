package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;

/** Who sees a form can write the macro: a key is how its label begins. */
class MacroKeysTest {

	private static final String OURS = "sc.fiji.diffedit.fiji.";
	private static final List<String> PACKAGES = List.of(OURS + "commands.", OURS + "engine.");

	@Test
	void everyKeyIsHowItsLabelBegins() {
		try (Context context = new Context()) {
			final List<CommandInfo> commands = context.service(CommandService.class).getCommands().stream()
				.filter(command -> PACKAGES.stream().anyMatch(command.getClassName()::startsWith)).toList();
			assertTrue(commands.size() >= 17, "all commands are looked at, not only " + commands.size());
			commands.forEach(command -> check(context.service(ModuleService.class).createModule(command).getInfo()));
		}
	}

	private static void check(final ModuleInfo command) {
		final List<ModuleItem<?>> asked = StreamSupport.stream(command.inputs().spliterator(), false)
			.filter(input -> input.getLabel() != null && !input.getLabel().isEmpty())
			.filter(input -> input.getVisibility() == ItemVisibility.NORMAL).toList();
		for (final ModuleItem<?> input : asked) {
			assertTrue(begins(input.getLabel(), input.getName()), command.getTitle() + ": '" + input.getLabel() + "' for " + input.getName());
		}
		assertEquals(asked.size(), asked.stream().map(ModuleItem::getLabel).distinct().count(), command.getTitle() + " has a label twice");
	}

	/** Whether the first word, or the first words, are the key when written as one. */
	private static boolean begins(final String label, final String key) {
		final StringBuilder words = new StringBuilder();
		for (final String word : label.split("[^A-Za-z0-9]+")) {
			words.append(word.toLowerCase(Locale.ROOT));
			if (words.toString().equals(key.toLowerCase(Locale.ROOT))) return true;
		}
		return false;
	}

	@Test
	void theRuleItself() {
		assertTrue(begins("Threshold ratio", "thresholdRatio") && begins("Noise strength", "noise") && begins("CLIP skip", "clipSkip"));
		assertTrue(!begins("Images", "count") && !begins("Show as", "arrange") && !begins("Noise strength", "strength"));
	}
}
