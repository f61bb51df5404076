package sc.fiji.diffedit.fiji.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.scijava.module.ModuleItem;
import org.scijava.util.Types;

import ij.ImagePlus;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import sc.fiji.diffedit.fiji.batch.Verb;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Values;

/** The options of a verb, made from the inputs of its forms: names, help, choices and defaults are declared there, and nowhere else. */
final class FormOptions {

	private static final Pattern CAMEL = Pattern.compile("(?s)--([a-z]+[A-Z][A-Za-z]*)(=.*)?");

	private FormOptions() {}

	/** Adds the verb's inputs: the image as an argument, all others as options. */
	static void add(final CommandSpec spec, final Verb verb) {
		for (final ModuleItem<?> input : verb.inputs()) {
			if (input.getName().equals(Verb.IMAGE)) spec.addPositional(image(input));
			else spec.addOption(option(input).description(help(input, Objects.toString(input.getDefaultValue(), ""))).build());
		}
	}

	/** Adds the settings of all verbs without a word in the help: there are too many. */
	static void addHidden(final CommandSpec spec) {
		for (final Verb verb : Verb.values()) {
			for (final ModuleItem<?> input : verb.inputs()) {
				final boolean isNew = !input.getName().equals(Verb.IMAGE) && spec.findOption("--" + dashed(input.getName())) == null;
				if (isNew) spec.addOption(option(input).hidden(true).build());
			}
		}
	}

	private static PositionalParamSpec image(final ModuleItem<?> input) {
		return PositionalParamSpec.builder().userObject(input).paramLabel("IMAGE").type(String.class).index("0").arity("1").required(true).description("The image: TIFF, PNG, JPEG or whatever else ImageJ opens.").build();
	}

	private static OptionSpec.Builder option(final ModuleItem<?> input) {
		final OptionSpec.Builder option = OptionSpec.builder("--" + dashed(input.getName())).userObject(input).paramLabel(label(input));
		if (input.getChoices() != null && !input.getChoices().isEmpty()) option.completionCandidates(input.getChoices().stream().map(String::valueOf).toList());
		if (Types.box(input.getType()) == Boolean.class) return option.type(Boolean.class).arity("0..1").fallbackValue("true");
		return option.type(String.class).arity("1");
	}

	/** {@code threshold-ratio} for {@code thresholdRatio}. */
	private static String dashed(final String input) {
		return input.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
	}

	/** {@code --thresholdRatio=3}, which is how macros and tables write it, as {@code --threshold-ratio=3}. */
	static String dashedOption(final String argument) {
		final Matcher option = CAMEL.matcher(argument);
		return option.matches() ? "--" + dashed(option.group(1)) + Objects.toString(option.group(2), "") : argument;
	}

	/** Those of choices differ, as the script for shells knows choices by their labels. */
	private static String label(final ModuleItem<?> input) {
		if (input.getType() == ImagePlus.class) return "FILE";
		if (input.getChoices() != null && !input.getChoices().isEmpty()) return dashed(input.getName()).toUpperCase(Locale.ROOT);
		final Class<?> type = Types.box(input.getType());
		if (type == Boolean.class) return "true|false";
		return Number.class.isAssignableFrom(type) ? type == Integer.class || type == Long.class ? "N" : "NUMBER" : "TEXT";
	}

	/** Label, help, choices, range and default; percent signs are formats to picocli. */
	private static String[] help(final ModuleItem<?> input, final String standard) {
		final List<String> parts = new ArrayList<>(List.of(Labels.of(input) + "."));
		if (input.getDescription() != null && !input.getDescription().isBlank()) parts.add(input.getDescription().strip());
		if (input.getChoices() != null && !input.getChoices().isEmpty()) parts.add("Choices: " + input.getChoices().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".");
		final String range = Values.range(input);
		if (!range.isEmpty()) parts.add("Range: " + range + ".");
		if (!standard.isEmpty()) parts.add("Default: " + standard + ".");
		return new String[] { String.join(" ", parts).replace("%", "%%") };
	}

	/** What was written, by the names of inputs. */
	static Map<String, String> texts(final ParseResult parsed) {
		final Map<String, String> texts = new LinkedHashMap<>();
		for (final ArgSpec argument : parsed.matchedArgs()) {
			if (argument.userObject() instanceof ModuleItem<?> input) texts.put(input.getName(), String.valueOf((Object) argument.getValue()));
		}
		return texts;
	}
}
