package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.Prompt;

/** What should be in an image that is made, and what should not. */
final class PromptInputs extends NegativeInput {

	@Parameter(label = "Prompt", persist = false)
	private String prompt = "";

	/**
	 * @param label label of the prompt
	 * @param help an example
	 * @param negative label of the negative prompt
	 */
	PromptInputs(final String label, final String help, final String negative) {
		super(negative);
		setLabel("prompt", label);
		setHelp("prompt", help);
	}

	@Override
	protected void check() {
		Prompts.require("prompt", prompt);
	}

	Prompt prompt(final OptionsParser options) {
		return options.prompt(prompt);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("prompt", prompt);
	}
}
