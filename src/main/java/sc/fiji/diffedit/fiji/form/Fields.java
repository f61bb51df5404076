package sc.fiji.diffedit.fiji.form;

import java.io.File;
import java.util.Set;

import javax.swing.JFileChooser;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.util.Types;
import org.scijava.widget.Button;
import org.scijava.widget.FileWidget;
import org.scijava.widget.TextWidget;

import ij.ImagePlus;

/** Which kind of field an input gets: by its type, and for texts by what they are. */
public final class Fields {

	/** Texts that are read by a model, where the form has one. */
	private static final Set<String> DESCRIPTIONS = Set.of("source", "target", "prompt");
	/** Choices of which several may be made. */
	private static final Set<String> SEVERAL = Set.of("show");
	private static final Set<String> FILES = Set.of("lora", "word", "table");
	private static final Set<String> FOLDERS = Set.of("cache", "folders", "folder", "output", "stackFolder");
	private static final Set<String> EITHER = Set.of("path");

	private Fields() {}

	/** Whether a field can be made for it; other inputs are for scripts. */
	static boolean canAsk(final ModuleItem<?> input) {
		final Class<?> type = Types.box(input.getType());
		return type == Boolean.class || type == String.class || type == File.class || type == ImagePlus.class
			|| type == Button.class || Number.class.isAssignableFrom(type) || type.isEnum();
	}

	/** A field, empty so far. */
	public static Field of(final Module module, final ModuleItem<?> input, final Values values) {
		final Class<?> type = Types.box(input.getType());
		if (type == ImagePlus.class) return module.isInputResolved(input.getName()) ? new GivenImage(input) : new ImageField(input);
		if (input.getName().equals(PresetValues.INPUT)) return new PresetField(input);
		if (type == Boolean.class) return new TickField(input);
		if (type == Button.class) return new ButtonField(input);
		if (SEVERAL.contains(input.getName()) && ChoiceField.choices(input).contains(TicksField.NOTHING)) return new TicksField(input);
		if (!ChoiceField.choices(input).isEmpty()) return new ChoiceField(input, values);
		if (Number.class.isAssignableFrom(type)) return new NumberField(input, values);
		if (isModel(module, input)) return new ModelField(input);
		if (isDescription(module, input)) return new DescriptionField(input, values);
		return isPath(input) ? new PathField(input, values, mode(input), input.getName().equals("folders")) : new TextField(input, values);
	}

	/** Whether it is a model to load, not one that is loaded already. */
	private static boolean isModel(final Module module, final ModuleItem<?> input) {
		return input.getName().equals("model") && module.getInfo().getInput("idleMinutes") == null;
	}

	/** Whether the input is a description of an image. */
	static boolean isDescription(final Module module, final ModuleItem<?> input) {
		return Inputs.hasStyle(input, TextWidget.AREA_STYLE) || DESCRIPTIONS.contains(input.getName()) && module.getInfo().getInput("model") != null;
	}

	private static boolean isPath(final ModuleItem<?> input) {
		final String name = input.getName();
		return input.getType() == File.class || FILES.contains(name) || FOLDERS.contains(name) || EITHER.contains(name);
	}

	private static int mode(final ModuleItem<?> input) {
		if (EITHER.contains(input.getName())) return JFileChooser.FILES_AND_DIRECTORIES;
		final boolean folder = FOLDERS.contains(input.getName()) || Inputs.hasStyle(input, FileWidget.DIRECTORY_STYLE);
		return folder ? JFileChooser.DIRECTORIES_ONLY : JFileChooser.FILES_ONLY;
	}
}
