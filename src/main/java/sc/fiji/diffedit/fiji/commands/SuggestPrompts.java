package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.hub.ModelKind;
import sc.fiji.diffedit.models.Sampling;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.text.SuggestionRequest;

/** Writes descriptions of something, to choose from or to average. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Suggest Prompts...", weight = 8) },
	description = "Writes descriptions of images that show something, with a T5 model: one per line.")
public class SuggestPrompts extends StoppableCommand {

	private static final SuggestionRequest DEFAULTS = SuggestionRequest.of("");

	private final SeedInput seed = inputs(new SeedInput());
	private final ModelInput model = inputs(new ModelInput("The folder of a T5 model in transformers' format, or its name in the hub's cache, such as google/flan-t5-large."));

	@Parameter(label = "How many descriptions", min = "1", persist = false, description = "How many; some may be equal.", callback = MemoryLine.CHANGED)
	private int count = DEFAULTS.count();
	@Parameter(label = "Longest description (word parts)", min = "1", persist = false, description = "At most this many parts of words each.", callback = MemoryLine.CHANGED)
	private int words = DEFAULTS.maxNewTokens();
	@Parameter(label = "Variety", min = "0", stepSize = "0.1", persist = false, description = "Above 0; below 1 likely words become likelier.")
	private double temperature = Sampling.DEFAULTS.temperature();
	@Parameter(label = "Words to choose from (0: all)", min = "0", persist = false, description = "Words among which each is drawn; 0 for all.")
	private int best = Sampling.DEFAULTS.topK();
	@Parameter(label = "What the images show", persist = false, description = "Such as: bowl")
	private String concept = "";

	@Parameter(label = "Suggested prompts", type = ItemIO.OUTPUT)
	private String prompts;

	@Override
	String modelName() {
		return model.name();
	}

	@Override
	public Optional<Warning> foresee() {
		return model.foresee(() -> models().expected(generator(), request("something")));
	}

	@Override
	public ModelKind modelKind() {
		return ModelKind.WRITER;
	}

	@Override
	String expectedMemory() {
		return MemoryText.ofWriter(models().expected(generator(), request("something")));
	}

	private LoadOptions generator() {
		return LoadOptions.of(model.folder("a T5 model"));
	}

	private SuggestionRequest request(final String about) {
		return SuggestionRequest.captionsOf(about).withCount(count).withMaxNewTokens(words);
	}

	@Override
	void work(final DiffusionModelService service, final CommandProgress progress) {
		final LoadOptions generator = generator();
		final SuggestionRequest request = request(concept).withSampling(new Sampling(temperature, best, Sampling.DEFAULTS.topP())).withSeed(seed.seed());
		prompts = String.join("\n", service.suggest(generator, request, progress.wordCounter("Prompts", words)));
	}
}
