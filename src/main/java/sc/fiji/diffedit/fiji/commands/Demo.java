package sc.fiji.diffedit.fiji.commands;

import org.scijava.ItemIO;
import org.scijava.command.Command;
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
import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;

/** All of DiffEdit on a picture that ships with the plugin, by the model that ships with the plugin. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Demo", weight = 14) },
	description = "Opens a drawn picture with two descriptions, and shows where they disagree and what becomes of it.")
public class Demo extends ModelCommand {

	@Parameter(label = "Sample", choices = { "01", "02", "03", "04", "05", "06", "07", "08" }, persist = false)
	private String sample = "01";
	@Parameter(label = "Maps", min = "1", persist = false, description = "Noisy copies of the image whose differences make the mask.", callback = MemoryLine.CHANGED)
	private int maps = 10;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of inversion and edit: fewer are faster.", callback = MemoryLine.CHANGED)
	private int steps = 20;

	@Parameter(label = "Sample", type = ItemIO.OUTPUT)
	private ImagePlus input;
	@Parameter(label = "Differences", type = ItemIO.OUTPUT)
	private ImagePlus differences;
	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;
	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;

	@Override
	RunEstimate estimate() {
		final Samples samples = Samples.bundled();
		final Sample first = samples.list().get(0);
		final Samples.Settings settings = samples.settings();
		return RunEstimate.of(model -> model.diffEdit(first.picture().width(), first.picture().height(), MaskRequest.DEFAULTS.withNumMapsPerMask(maps),
			InvertRequest.DEFAULTS.withGuidanceScale(settings.inversionGuidance()).withNumInferenceSteps(steps).withInpaintStrength(settings.strength()),
			EditRequest.DEFAULTS.withGuidanceScale(settings.guidance()).withNumInferenceSteps(steps).withInpaintStrength(settings.strength())));
	}

	@Override
	void work(final BorrowedModel model, final StepListener listener) {
		final Samples samples = Samples.bundled();
		final Sample chosen = samples.list().stream().filter(s -> s.name().equals(sample)).findFirst().orElseThrow(
			() -> new DiffEditException("There is no sample \"" + sample + "\"; choose one of "
				+ String.join(", ", samples.list().stream().map(Sample::name).toList()) + "."));
		final ImagePlus image = Pictures.toImagePlus(chosen.picture(), "DiffEdit sample " + chosen.name());
		image.setProperty("Info", "What is in the image: " + chosen.sourcePrompt() + "\nWhat should be there instead: " + chosen.targetPrompt() + "\n");
		final Workplace place = Workplace.of(Snapshot.of(image), Workplace.WHOLE_IMAGE, "Auto", "");
		final Samples.Settings settings = samples.settings();
		final ImageEdit.Result<ImagePlus> done = edit(place, chosen, settings).run(model.diffEdit(), listener);
		final Provenance made = place.describe(made(model, image, chosen, settings));
		final DifferenceMap map = done.found().orElseThrow().map();
		differences = titled(HeatMaps.toImagePlus(map.values(), map.width(), place.padding(model.lease().scaleFactor()), false, done.region(), image),
			Titles.of(image, "differences"), made);
		roi = FoundMask.show(FoundMask.SELECTION, done.mask(), image, Position.of(image), this::addNotice);
		input = image;
		result = titled(done.image(), Titles.of(image, "edit"), made);
	}

	private ImageEdit<ImagePlus> edit(final Workplace place, final Sample chosen, final Samples.Settings settings) {
		final ImageEdit<ImagePlus> edit = place.edit().from(chosen.sourcePrompt()).to(chosen.targetPrompt()).withSteps(steps).withMaps(maps)
			.withThresholdRatio(settings.maskThresholdingRatio()).withStrength(settings.strength()).withGuidance(settings.guidance());
		return edit.with(edit.maskRequest().withMaskEncodeStrength(settings.maskEncodeStrength()).withNumInferenceSteps(settings.maskSteps())
			.withGuidanceScale(settings.maskGuidance()), edit.invertRequest().withGuidanceScale(settings.inversionGuidance()), edit.editRequest());
	}

	private Provenance made(final BorrowedModel model, final ImagePlus image, final Sample chosen, final Samples.Settings settings) {
		return made("demo", model).with("image", image.getTitle()).with("noise", settings.maskEncodeStrength())
			.with("thresholdRatio", settings.maskThresholdingRatio()).with("maskSteps", settings.maskSteps())
			.with("strength", settings.strength()).with("guidance", settings.guidance()).with("seed", 0)
			.with("source", chosen.sourcePrompt()).with("target", chosen.targetPrompt());
	}
}
