package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.Prompt;

/** What should not be in an image. */
class NegativeInput extends PromptGroup {

	static final String NEW_IMAGE = "What should not be there", IMAGE = "What is not in the image";

	@Parameter(label = NEW_IMAGE, required = false, persist = false, description = "Negative prompt.")
	private String negative = "";

	/** @param label of which image it is: {@link #NEW_IMAGE} or {@link #IMAGE} */
	NegativeInput(final String label) {
		setLabel("negative", label);
	}

	NegativeInput(final String label, final String help) {
		this(label);
		setHelp("negative", help);
	}

	final Prompt negative() {
		return Prompts.of(negative);
	}

	/** The same for models with two text encoders. */
	final Prompt negative(final OptionsParser options) {
		return options.negative(negative);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with("negative", negative);
	}
}
