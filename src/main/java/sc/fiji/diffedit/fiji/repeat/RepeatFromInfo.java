package sc.fiji.diffedit.fiji.repeat;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;

/** Makes a result again, on the same image or on another one, and tells what differs. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Make Again From Info...", weight = 8.1) },
	description = "Makes a result again as its image info or a JSON file says, and tells what differs: on the same machine the new image equals it to the last bit. With another image the same is done to that one.")
public class RepeatFromInfo extends PluginCommand {

	@Parameter(label = "Result", required = false, persist = false, description = "An image that DiffEdit has made. Image > Show Info... shows what it tells.")
	private ImagePlus result;
	@Parameter(label = "Or a settings file", required = false, persist = false, description = "A JSON file that DiffEdit has saved; it takes the place of the result's info.")
	private File file;
	@Parameter(label = "Image to work on (None: as then)", required = false, autoFill = false, persist = false,
		description = "None: the open image that has the title in the info. Another image must have the size of the drawn mask, or a selection of its own.")
	private ImagePlus image;
	@Parameter(label = "Mask, if not the one in the info", required = false, autoFill = false, persist = false,
		description = "A binary or label image of the image's size; for results of Edit With Mask... and Inpaint....")
	private ImagePlus mask;
	@Parameter(label = "Objects to choose among, if they are elsewhere", required = false, autoFill = false, persist = false,
		description = "A label image of the image's size, for results made with objects; without one the open label image of that title, the ROI Manager or the overlay, as then.")
	private ImagePlus objects;
	@Parameter(label = "Model, if it is elsewhere now", required = false, persist = false, description = "Empty for the one in the info.")
	private String model = "";

	@Parameter(label = "New image", type = ItemIO.OUTPUT)
	private List<ImagePlus> images;
	@Parameter(label = "What differs", type = ItemIO.OUTPUT)
	private String report;

	@Override
	public Optional<Warning> foresee() {
		return Recipe.foresee(result, file);
	}

	@Override
	public Optional<String> runsBy() {
		return Optional.of("result");
	}

	@Override
	public void run() {
		try {
			final Recipe recipe = Recipe.of(result, file);
			final WorkedOn place = new WorkedOn(recipe, image, mask);
			images = new Repetition(getContext(), recipe, place, model == null || model.isBlank() ? Map.of() : Map.of("model", model.strip()), Optional.ofNullable(objects)).run();
			report = String.join("\n", lines(recipe, place));
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private List<String> lines(final Recipe recipe, final WorkedOn place) {
		final List<String> lines = new ArrayList<>();
		final ImagePlus made = images.get(images.size() - 1);
		lines.add("Repeated: " + recipe.made().get(Provenance.COMMAND).orElseThrow() + ", as in " + recipe.title());
		place.correctedMaskLeftOut().ifPresent(lines::add);
		final List<String> differences = Differences.between(recipe.made(), Provenance.read(made).orElse(recipe.made()));
		if (differences.isEmpty()) lines.add("Model, image, versions, processor and threads are the same as then.");
		lines.addAll(differences);
		if (result != null && file == null) lines.add(images.stream().map(again -> Differences.ofPixels(result, again)).min(RepeatFromInfo::betterFirst).orElseThrow());
		return lines;
	}

	/** A command may make several images, of which the result is one. */
	private static int betterFirst(final String one, final String other) {
		return Boolean.compare(other.contains(" equals "), one.contains(" equals "));
	}
}
