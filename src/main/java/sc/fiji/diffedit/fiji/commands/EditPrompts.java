package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.Prompt;

/** What is in the image, and what should be there instead. */
class EditPrompts extends SourceInput {

	@Parameter(label = "What should be there instead", persist = false, description = "Such as: cyan nuclei")
	private String target = "";

	EditPrompts() {}

	/** @param help when the source may be left out */
	EditPrompts(final String help) {
		setHelp("source", help);
		setOptional("source");
	}

	@Override
	protected void check() {
		Prompts.require("target", target);
	}

	final Prompt target(final PromptSource prompts) {
		return prompts.prompt(target);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("target", target);
	}
}
