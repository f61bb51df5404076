package sc.fiji.diffedit.fiji.inputs;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.thread.ThreadService;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Provenance;

/** For tests: inputs of its own and of two groups. */
@Plugin(type = Command.class, menu = { @Menu(label = "Tests"), @Menu(label = "Mix...") })
public class MixCommand extends PluginCommand {

	@Parameter
	private ThreadService threads;
	@Parameter(label = "Feather", min = "0", persist = false, callback = "changed")
	private double feather = 1.5;
	@Parameter(label = "Target")
	private String target = "";

	private final Numbers numbers = inputs(new Numbers(30));
	private final Texts texts = inputs(new Texts());

	@Parameter(type = ItemIO.OUTPUT)
	private String result;
	@Parameter(type = ItemIO.OUTPUT)
	private String info;

	private int changes;

	/** Numbers, of which a command may choose a default. */
	public static class Numbers extends InputGroup {

		@Parameter(label = "Seed", persist = false)
		private long seed;
		@Parameter(label = "Steps", min = "1", persist = false, callback = "changed", description = "How many.")
		private int steps;

		Numbers(final int steps) {
			this.steps = steps;
			setHelp("steps", "How many of " + steps + ".");
		}

		@Override
		protected void check() {
			if (steps < 1) throw new DiffEditException("steps is " + steps + ".");
		}
	}

	/** A text with another label, which may be empty here. */
	static class Texts extends InputGroup {

		@Parameter(label = "Prompt")
		private String prompt = "";

		Texts() {
			setLabel("prompt", "Prompt: what");
			setOptional("prompt");
		}

		@Override
		protected Provenance addTo(final Provenance made) {
			return made.with("prompt", prompt.toUpperCase());
		}
	}

	/** Called when an input has changed. */
	public void changed() {
		changes++;
	}

	int changes() {
		return changes;
	}

	ThreadService threads() {
		return threads;
	}

	@Override
	public void run() {
		try {
			checkInputs();
			result = String.join(" ", target, texts.prompt, String.valueOf(numbers.steps), String.valueOf(numbers.seed), String.valueOf(feather));
			info = withInputs(Provenance.of("mix")).text();
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}
}
