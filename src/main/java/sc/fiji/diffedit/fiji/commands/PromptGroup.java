package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Inputs that are texts for the model. */
abstract class PromptGroup extends InputGroup {

	/** What a text encoder reads; null and blank ones count as left out. */
	abstract List<String> texts();

	@Override
	protected final boolean isFreeText() {
		return true;
	}
}
