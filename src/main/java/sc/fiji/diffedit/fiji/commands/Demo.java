package sc.fiji.diffedit.fiji.commands;

import java.util.Collections;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.HeatMaps;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Picture;

/** All of DiffEdit on a picture that ships with the plugin, by the model that ships with the plugin. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Demo", weight = 14) },
	description = "Opens a drawn picture with two descriptions, and shows where they disagree and what becomes of it.")
public class Demo extends ModelCommand {

	@Parameter(label = "Sample", choices = { "01", "02", "03", "04", "05", "06", "07", "08" }, persist = false, description = "A small picture with its two descriptions.")
	private String sample = "01";
	@Parameter(label = "Comparisons", min = "1", persist = false, attrs = @Attr(name = InputGroup.HINT, value = "more: steadier mask, slower"),
		description = "Noisy copies of the image whose differences make the mask: more are steadier and take longer.", callback = MemoryLine.CHANGED)
	private int maps = 10;
	@Parameter(label = "Steps", min = "1", persist = false, attrs = @Attr(name = InputGroup.HINT, value = "more: finer, slower"),
		description = "Steps of inversion and edit: fewer are faster.", callback = MemoryLine.CHANGED)
	private int steps = 20;

	@Parameter(label = "Sample", type = ItemIO.OUTPUT)
	private ImagePlus input;
	@Parameter(label = "Differences", type = ItemIO.OUTPUT)
	private ImagePlus differences;
	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;
	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;

	private final Samples samples = Samples.bundled();

	@Override
	RunEstimate estimate() {
		final Picture picture = samples.list().get(0).picture();
		return RunEstimate.of(model -> model.diffEdit(picture.width(), picture.height(), recipe().mask(), recipe().invert(), recipe().edit()));
	}

	private DemoRecipe recipe() {
		return new DemoRecipe(samples.settings(), maps, steps);
	}

	@Override
	void work(final BorrowedModel model, final StepListener listener) {
		final Sample chosen = chosen();
		final ImagePlus image = Pictures.toImagePlus(chosen.picture(), "DiffEdit sample " + chosen.name());
		image.setProperty("Info", "What is in the image: " + chosen.sourcePrompt() + "\nWhat should be there instead: " + chosen.targetPrompt() + "\n");
		final Workplace place = Workplace.of(Snapshot.of(image), Workplace.WHOLE_IMAGE, "Auto", "");
		final ImageEdit.Result<ImagePlus> done = place.edit().with(recipe().mask(), recipe().invert(), recipe().edit())
			.from(chosen.sourcePrompt()).to(chosen.targetPrompt()).run(model.diffEdit(), listener);
		final Provenance made = place.describe(recipe().addTo(made("demo", model).with("image", image.getTitle()))).with("source", chosen.sourcePrompt())
			.with("target", chosen.targetPrompt());
		final DifferenceMap map = done.found().orElseThrow().refinedMap();
		differences = titled(HeatMaps.toImagePlus(map.values(), map.width(), place.padding(model.lease().scaleFactor()), false, done.region(), image),
			Titles.of(image, "differences"), made);
		roi = FoundMask.show(FoundMask.SELECTION, Collections.singletonList(Masks.toRoi(done.mask())), image, List.of(Position.of(image)), this::addNotice);
		input = image;
		result = titled(done.image(), Titles.of(image, "edit"), made);
	}

	private Sample chosen() {
		return samples.list().stream().filter(one -> one.name().equals(sample)).findFirst().orElseThrow(() -> new DiffEditException("There is no sample \""
			+ sample + "\"; choose one of " + String.join(", ", samples.list().stream().map(Sample::name).toList()) + "."));
	}
}
