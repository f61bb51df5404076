package sc.fiji.diffedit.fiji.repeat;

import java.io.File;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.inputs.FormService;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Torch;

/**
 * What a result's info says about the call that made it: the command, the values of its inputs, the image and the mask.
 *
 * @param made the lines of the info
 * @param title how messages name where they come from
 */
record Recipe(Provenance made, String title) {

	private static final Pattern SAVED = Pattern.compile("(^|;)\\s*saveLatents\\s*:[^;]*", Pattern.CASE_INSENSITIVE);
	private static final String OPTIONS = "options";

	/**
	 * Of a file, or if there is none, of an image's info.
	 *
	 * @throws DiffEditException if neither tells how a result was made
	 */
	static Recipe of(final ImagePlus result, final File file) {
		if (file != null && !file.getPath().isBlank()) return new Recipe(ProvenanceFile.read(UserPath.of(file.getPath())), file.getName());
		if (result == null) throw new DiffEditException("There is neither an image nor a file; open a result of DiffEdit, or choose a JSON file that DiffEdit has saved.");
		return new Recipe(Provenance.read(result).orElseThrow(() -> new DiffEditException("The info of \"" + result.getTitle()
			+ "\" does not tell that DiffEdit has made it; choose a result of DiffEdit. PNG and JPEG files lose it: save results as TIFF.")), result.getTitle());
	}

	/** Why neither of the two that a form asks for tells how a result was made; empty as long as none is chosen. */
	static Optional<Warning> foresee(final ImagePlus result, final File file) {
		final boolean isFile = file != null && !file.getPath().isBlank();
		return result == null && !isFile ? Optional.empty() : Warning.ofFailure(isFile ? "file" : "result", () -> of(result, file));
	}

	/** The result of another command that this one began with; empty for none. */
	Optional<Recipe> inversion() {
		return made.get(Provenance.INVERSION).map(text -> new Recipe(ProvenanceFile.fromJson("The inversion in the info", text), title));
	}

	/**
	 * The command that made the result. Only commands that make images are repeated, whatever a file from outside names.
	 *
	 * @throws DiffEditException if the info names none, or one that is not there
	 */
	CommandInfo command(final CommandService commands) {
		final String name = made.get(Provenance.COMMAND).orElseThrow(() -> new DiffEditException("\"" + title + "\" was made by DiffEdit "
			+ made.get("plugin").orElse("of an earlier version") + ", whose results do not name their command; run it again with the values in its info."));
		return commands.getCommands().stream().filter(command -> command.getClassName().startsWith(FormService.OURS))
			.filter(command -> Labels.of(command).replace("...", "").equals(name) && makesImages(command)).findFirst()
			.orElseThrow(() -> new DiffEditException("\"" + title + "\" was made by the command " + name + ", which this version of DiffEdit does not have; use DiffEdit "
				+ made.get("plugin").orElse("of that time") + "."));
	}

	/** Nothing else is started, such as a download. */
	private static boolean makesImages(final CommandInfo command) {
		return command.getInput("steps") != null && StreamSupport.stream(command.outputs().spliterator(), false).anyMatch(output -> output.getType() == ImagePlus.class);
	}

	/** The value of an input as a text; empty for its default. Device and element type are those of the run, wherever they came from. */
	Optional<String> value(final String input) {
		return input.equals(OPTIONS) ? Optional.of(options()) : made.get(input);
	}

	/** Files are read again, but not written. */
	private String options() {
		String line = SAVED.matcher(made.get(OPTIONS).orElse("")).replaceAll("").strip().replaceFirst("^;\\s*", "");
		for (final String key : new String[] { "device", "dtype" }) {
			final boolean told = Pattern.compile("(^|;)\\s*" + key + "\\s*:", Pattern.CASE_INSENSITIVE).matcher(line).find();
			final String value = made.get(key).orElse("");
			if (!told && !value.isEmpty() && isHere(value)) line = key + ": " + value + (line.isEmpty() ? "" : "; " + line);
		}
		return line;
	}

	/** A result of a graphics card is repeated on the processor where there is none; the report says so. */
	private static boolean isHere(final String device) {
		return !device.startsWith("cuda") || !Torch.expectedDevice().isCpu();
	}

	/** What was selected or drawn; empty for the whole image. */
	Optional<Mask> mask() {
		return made.get(Provenance.MASK).map(MaskText::parse);
	}

	/** What a mask that was found has become by hand; empty if it has not. */
	Optional<Mask> correctedMask() {
		return made.get(Provenance.CORRECTED_MASK).map(MaskText::parse);
	}

	/** Whether an input has a value that is this choice, in any case. */
	boolean says(final String input, final String value) {
		return made.get(input).map(text -> text.strip().equalsIgnoreCase(value)).orElse(false);
	}
}
