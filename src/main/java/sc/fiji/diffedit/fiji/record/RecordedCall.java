package sc.fiji.diffedit.fiji.record;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.scijava.module.Module;
import org.scijava.module.ModuleException;
import org.scijava.module.ModuleInfo;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.inputs.Conditions;

/**
 * A call of a command, to be written in several languages. It says only what differs from the defaults, and always model and seed.
 * The image that the command works on is the active one when the call is repeated; other images are found by their titles.
 *
 * <pre>{@code
 * RecordedCall call = RecordedCall.of(commands.getCommand(GenerateMask.class), Map.of("source", "green nuclei", "target", "cyan nuclei"));
 * call.macro();   // run("Generate Mask...", "source=[green nuclei] target=[cyan nuclei] seed=0 model=demo");
 * }</pre>
 */
public final class RecordedCall {

	/** The input that says what was selected on the image. No form shows it. */
	public static final String SELECTION = "selection";

	/** Without them another version of the plugin, with other defaults, would do something else. */
	private static final Set<String> ALWAYS = Set.of("model", "seed");

	private final String label;
	private final String command;
	private final String imageInput;
	private final String image;
	private final Map<String, Object> given;

	private RecordedCall(final Module module) {
		final List<ModuleItem<?>> inputs = Inputs.of(module);
		label = Labels.of(module.getInfo());
		command = module.getInfo().getDelegateClassName();
		final Optional<ModuleItem<?>> active = inputs.stream().filter(RecordedCall::isActiveImage).findFirst();
		imageInput = active.map(ModuleItem::getName).orElse("");
		image = active.map(input -> module.getInput(input.getName())).map(value -> ((ImagePlus) value).getTitle()).orElse("");
		given = given(module, inputs.stream().filter(input -> isRecorded(input) && !isActiveImage(input)).toList());
	}

	/** A call that has been made. */
	public static RecordedCall of(final Module module) {
		return new RecordedCall(module);
	}

	/**
	 * A call with these values.
	 *
	 * @param command one of DiffEdit's commands
	 * @param values of its inputs by their names; inputs that are left out have their defaults, or what the given ones imply
	 * @throws IllegalArgumentException if the command has no input of one of the names
	 */
	public static RecordedCall of(final ModuleInfo command, final Map<String, Object> values) {
		final Module module = module(command);
		values.forEach((name, value) -> {
			if (command.getInput(name) == null) throw new IllegalArgumentException(command.getDelegateClassName() + " has no input " + name);
			module.setInput(name, value);
		});
		Conditions.imply(module, values.keySet());
		return of(module);
	}

	private static Module module(final ModuleInfo command) {
		try {
			return command.createModule();
		}
		catch (final ModuleException e) {
			throw new IllegalStateException(e);
		}
	}

	/** A command called without any value would ask for all of them, so that at least one is given. */
	private static Map<String, Object> given(final Module module, final List<ModuleItem<?>> inputs) {
		final Map<String, Object> given = new LinkedHashMap<>();
		for (final ModuleItem<?> input : inputs) {
			final Object value = value(module, input);
			if (value != null && Conditions.isNeeded(module, input) && isSaid(input, value)) given.put(input.getName(), value);
		}
		if (given.isEmpty()) inputs.stream().filter(input -> value(module, input) != null).findFirst().ifPresent(input -> given.put(input.getName(), value(module, input)));
		return given;
	}

	private static Object value(final Module module, final ModuleItem<?> input) {
		final Object value = module.getInput(input.getName());
		return value instanceof ImagePlus other ? new TitledImage(other.getTitle()) : value;
	}

	private static boolean isSaid(final ModuleItem<?> input, final Object value) {
		if (ALWAYS.contains(input.getName()) && !value.toString().isBlank()) return true;
		return !Objects.toString(input.getDefaultValue(), "").equals(value.toString());
	}

	private static boolean isRecorded(final ModuleItem<?> input) {
		return Inputs.recordable(input) || input.getName().equals(SELECTION);
	}

	private static boolean isActiveImage(final ModuleItem<?> input) {
		return input.getType() == ImagePlus.class && input.isRequired();
	}

	/** One line in ImageJ's macro language. */
	public String macro() {
		return "run(" + Literals.macro(label) + (given.isEmpty() ? "" : ", " + Literals.macro(options())) + ");";
	}

	/**
	 * One line for ImageJ's recorder.
	 *
	 * @param language that is chosen there; statements of Java, BeanShell and JavaScript are the same
	 */
	public String line(final String language) {
		return switch (language) {
			case "Macro" -> macro();
			case "Python" -> "IJ.run(" + Literals.python(label) + ", " + Literals.python(options()) + ");";
			default -> "IJ.run(" + Literals.text(label) + ", " + Literals.text(options()) + ");";
		};
	}

	private String options() {
		return given.entrySet().stream().map(value -> option(value.getKey(), value.getValue())).collect(Collectors.joining(" "));
	}

	private static String option(final String key, final Object value) {
		if (Boolean.TRUE.equals(value)) return key;
		final String text = value.toString();
		return key + "=" + MacroOptions.quoted(value instanceof Double ? text.replaceFirst("\\.0$", "") : text);
	}

	/** A Groovy script for Fiji's script editor and {@code fiji --run}. */
	public String groovy() {
		return new RecordedScript(List.of(this)).groovy();
	}

	/** A Java class with one static method. */
	public String java() {
		return new RecordedScript(List.of(this)).java();
	}

	/** Whether the command has inputs; others only show something, and are not worth repeating. */
	public boolean hasAnswers() {
		return !given.isEmpty();
	}

	/**
	 * One line of Groovy that runs the command by a {@code CommandService} of the name {@code commands}; see {@link #imports}.
	 *
	 * @param image how the script names the image that the command works on
	 */
	public String groovyLine(final String image) {
		return statement("", image, Literals::groovy);
	}

	// -- parts of scripts --

	/** How a value is written in a language. */
	interface Literal {

		String of(Object value);
	}

	/** Whether the command works on an image. */
	boolean hasImage() {
		return !imageInput.isEmpty();
	}

	/** The title of the image that it has worked on; empty where it is not known. */
	String imageTitle() {
		return image;
	}

	/** The classes that {@link #statement} names, besides ImageJ's {@code IJ}. */
	public List<String> imports() {
		final List<String> imports = new ArrayList<>();
		if (given.values().stream().anyMatch(TitledImage.class::isInstance)) imports.add(WindowManager.class.getName());
		if (given.values().stream().anyMatch(File.class::isInstance)) imports.add(File.class.getName());
		imports.add(command);
		return imports;
	}

	/**
	 * Runs the command by a {@code CommandService} of the name {@code commands} and waits for it.
	 *
	 * @param suffix of a class's name where it is a value
	 * @param active how the language names the image that the command works on
	 */
	String statement(final String suffix, final String active, final Literal literal) {
		final StringBuilder call = new StringBuilder("commands.run(" + command.replaceFirst(".*\\.", "") + suffix + ", true");
		if (hasImage()) call.append(", \"").append(imageInput).append("\", ").append(active);
		given.forEach((name, value) -> call.append(", \"").append(name).append("\", ").append(literal.of(value)));
		return call.append(").get()").toString();
	}
}
