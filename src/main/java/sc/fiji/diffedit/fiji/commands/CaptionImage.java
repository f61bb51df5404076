package sc.fiji.diffedit.fiji.commands;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.text.CaptionRequest;

/** Says what is in an image, in words that can serve as source prompt. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Caption Image...", weight = 7) },
	description = "Describes an image with a BLIP model. The words can be what an edit is told to be in the image.")
public class CaptionImage extends StoppableCommand implements ModelForm {

	@Parameter(label = "Image")
	private ImagePlus image;
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is looked at.")
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Words", min = "1", persist = false, description = "At most this many parts of words after the beginning.", callback = MemoryLine.CHANGED)
	private int words = CaptionRequest.DEFAULTS.maxNewTokens();
	@Parameter(label = "Beams", min = "1", persist = false, description = "Captions that are followed at once; 1 takes the likeliest word at each step.", callback = MemoryLine.CHANGED)
	private int beams = CaptionRequest.DEFAULTS.numBeams();
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private String expected = "";
	@Parameter(label = "Channels", required = false, persist = false, description = "Such as 1,3; empty for those that are shown.")
	private String channels = "";
	@Parameter(label = "Model", description = "The folder of a BLIP captioning model in transformers' format.", callback = MemoryLine.CHANGED)
	private String model = "";
	@Parameter(label = "Beginning", required = false, persist = false, description = "Such as: a photograph of")
	private String beginning = "";

	@Parameter(label = "Caption", type = ItemIO.OUTPUT)
	private String caption;

	private MemoryLine line;
	private Workplace place;

	@Override
	public void tellMemory() {
		if (line == null) line = new MemoryLine(models(), text -> expected = text);
		line.tellOfWriter(() -> models().expected(captioner(), ask()));
	}

	private LoadOptions captioner() {
		return LoadOptions.of(Choices.folder(model, "a BLIP captioning model"));
	}

	private CaptionRequest ask() {
		return new CaptionRequest(beginning == null ? "" : beginning, words, beams);
	}

	@Override
	String model() {
		return model;
	}

	@Override
	void prepare() {
		place = Workplace.of(take(image), workOn, intensity, channels);
	}

	@Override
	void work(final DiffusionModelService models, final CommandProgress progress) {
		caption = models.caption(captioner(), place.picture(), ask(), progress.words("Caption", words));
		tellChanges();
	}
}
