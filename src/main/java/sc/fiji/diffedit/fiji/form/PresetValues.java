package sc.fiji.diffedit.fiji.form;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleInfo;

import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.RequestPresets;

/** Sets a command's inputs as the preset says that a macro, a script or a table names. */
public final class PresetValues {

	/** The input that names a preset. */
	public static final String INPUT = "preset";

	/** Commands whose guidance is not that of an edit: a preset's number is not meant for them. */
	private static final Set<String> OWN_GUIDANCE = Set.of("GenerateMask", "InvertImage");

	/** Commands that know no mask of two descriptions. */
	private static final Set<String> WITHOUT_MASKS = Set.of("TextToImage", "ImageToImage", "Inpaint");

	private PresetValues() {}

	/** A preset as a command takes it. */
	static RequestPreset fitting(final RequestPreset preset, final ModuleInfo command) {
		return WITHOUT_MASKS.contains(simpleName(command)) ? preset.withoutMasks() : preset;
	}

	private static String simpleName(final ModuleInfo command) {
		return command.getDelegateClassName().replaceFirst(".*\\.", "");
	}

	/** Whether presets may set an input of a command. */
	static boolean sets(final ModuleInfo command, final String input) {
		if (!RequestPreset.KEYS.containsKey(input) || command.getInput(input) == null) return false;
		return !input.equals("guidance") || !OWN_GUIDANCE.contains(simpleName(command));
	}

	/**
	 * Sets what the preset names and nobody has given. Afterwards the values are what counts, and the input is empty, so that nothing
	 * that is recorded depends on a file.
	 *
	 * @param given whether an input has a value that was given explicitly, by its name
	 * @throws sc.fiji.diffedit.DiffEditException if there is no such preset, or an input cannot take its value
	 */
	public static void apply(final Module module, final ConvertService convert, final Predicate<String> given) {
		if (module.getInfo().getInput(INPUT) == null) return;
		final String name = Objects.toString(module.getInput(INPUT), "").strip();
		if (name.isEmpty()) return;
		final Values values = new Values(convert);
		for (final Map.Entry<String, String> value : fitting(RequestPresets.named(name), module.getInfo()).texts().entrySet()) {
			final String key = value.getKey();
			if (sets(module.getInfo(), key) && !given.test(key)) module.setInput(key, values.of(module.getInfo().getInput(key), value.getValue()));
		}
		module.setInput(INPUT, "");
	}
}
