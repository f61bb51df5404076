package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.MaskUse;

/** What an edit does within its mask, and whether the model is asked about it afterwards. */
final class WithinMaskInputs extends InputGroup {

	@Parameter(label = "Change within the mask", choices = { "Full", "Soft" }, persist = false,
		description = "Full: all of the mask is changed alike. Soft: the more, the brighter the mask image or the hotter the heat map.")
	private String maskUse = EditRequest.DEFAULTS.maskUse().word();
	@Parameter(label = "Check the edit", persist = false, callback = MemoryLine.CHANGED,
		description = "Asks the model afterwards whether the result shows the new description, and tells if it may have failed. Takes a little longer.")
	private boolean checkEdit = false;

	@Override
	protected void check() {
		maskUse();
	}

	boolean isSoft() {
		return maskUse() == MaskUse.SOFT;
	}

	boolean isChecked() {
		return checkEdit;
	}

	/** The request with these answers in it. */
	EditRequest on(final EditRequest request) {
		return request.withMaskUse(maskUse());
	}

	private MaskUse maskUse() {
		return Choices.of("maskUse", maskUse, MaskUse.values(), MaskUse::word);
	}
}
