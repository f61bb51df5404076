package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.MaskRequest;

/** Two descriptions that are compared, each with what is absent. */
final class MaskPrompts extends EditPrompts {

	@Parameter(label = "What is not in the image", required = false, persist = false,
		description = "Negative prompt of the source.", callback = MemoryLine.CHANGED)
	private String sourceNegative = "";
	@Parameter(label = "What should not be there", required = false, persist = false,
		description = "Negative prompt of the target.", callback = MemoryLine.CHANGED)
	private String targetNegative = "";

	/** The request with the negative prompts in it. */
	MaskRequest on(final MaskRequest request) {
		return request.withSourceNegative(List.of(Prompts.of(sourceNegative))).withTargetNegative(List.of(Prompts.of(targetNegative)));
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made.with("sourceNegative", sourceNegative).with("targetNegative", targetNegative));
	}
}
