package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** How several images are arranged in one. */
abstract class ArrangeInput extends InputGroup {

	static final String STACK = "Stack", MONTAGE = "Montage";

	@Parameter(label = "Arrange as", choices = { STACK, MONTAGE }, persist = false, description = "How several images are arranged.")
	private String arrange;

	/** @param arrange the default */
	ArrangeInput(final String arrange) {
		this.arrange = arrange;
	}

	@Override
	protected void check() {
		Choices.require("arrange", arrange, STACK, MONTAGE);
	}

	final boolean isMontage() {
		return Choices.same(arrange, MONTAGE);
	}
}
