package sc.fiji.diffedit.fiji.commands;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.Picture;

/** What is in the image. */
class SourceInput extends PromptGroup {

	@Parameter(label = "What is in the image", persist = false, description = "Such as: green nuclei")
	private String source = "";

	/** What the run uses: a caption where the input was left out. */
	private String described;

	/** A source that only some runs need. */
	final void onlyIf(final BooleanSupplier holds) {
		onlyIf("source", holds);
	}

	/** The prompt; the picture is captioned only if the input is empty. */
	final Prompt source(final PromptSource prompts, final Supplier<Picture> picture) {
		described = prompts.source(source, picture);
		return prompts.prompt(described);
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with("source", described == null ? source : described);
	}
}
