package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.hub.ModelKind;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.text.CaptionRequest;

/** Says what is in an image, in a text that can serve as source prompt. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Caption Image...", weight = 7) },
	description = "Describes an image with a BLIP model. The caption can be the source prompt of an edit.")
public class CaptionImage extends StoppableCommand {

	private final ImagePartInputs image = inputs(new ImagePartInputs("With Selection only its surrounding rectangle is looked at."));
	private final ModelInput model = inputs(new ModelInput("The folder of a BLIP captioning model in transformers' format, or its name in the hub's cache, such as Salesforce/blip-image-captioning-base."));

	@Parameter(label = "Longest caption (word parts)", min = "1", persist = false,
		description = "At most this many parts of words after the beginning.", callback = MemoryLine.CHANGED)
	private int words = CaptionRequest.DEFAULTS.maxNewTokens();
	@Parameter(label = "Captions tried at once", min = "1", persist = false,
		description = "Captions that are followed at once; 1 takes the likeliest word at each step.", callback = MemoryLine.CHANGED)
	private int beams = CaptionRequest.DEFAULTS.numBeams();
	@Parameter(label = "How it begins", required = false, persist = false, description = "Such as: a photograph of")
	private String beginning = "";

	@Parameter(label = "Caption", type = ItemIO.OUTPUT)
	private String caption;

	@Override
	String modelName() {
		return model.name();
	}

	@Override
	public Optional<Warning> foresee() {
		return model.foresee(() -> models().expected(captioner(), request()));
	}

	@Override
	public ModelKind modelKind() {
		return ModelKind.CAPTIONER;
	}

	@Override
	String expectedMemory() {
		return MemoryText.ofWriter(models().expected(captioner(), request()));
	}

	private LoadOptions captioner() {
		return LoadOptions.of(model.folder("a BLIP captioning model"));
	}

	private CaptionRequest request() {
		return new CaptionRequest(beginning == null ? "" : beginning, words, beams);
	}

	@Override
	void work(final DiffusionModelService service, final CommandProgress progress) {
		final List<String> captions = new ArrayList<>();
		new PlaneLoop(this, image, progress).run(() -> {
			final String text = service.caption(captioner(), image.place().picture(), request(), progress.wordCounter("Caption", words));
			captions.add(image.hasSeveral() ? image.range().name(image.place().snapshot().position()) + ": " + text : text);
		});
		caption = String.join("\n", captions);
		noticeChanges();
	}
}
