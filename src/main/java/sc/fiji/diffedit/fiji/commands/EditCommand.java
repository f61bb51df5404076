package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.EditCheck;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.service.ExpectedMemory;

/** What commands that edit an image share: inputs about the edit, and the requests that come of them. */
abstract class EditCommand<I extends ImageInputs> extends PlanesCommand<I> {

	private final List<EditCheck> checks = new ArrayList<>();
	private final SamplingInputs sampling;
	private final StrengthInput strength = inputs(new StrengthInput(EditRequest.DEFAULTS.inpaintStrength(),
		"How far from noise the edit begins: larger changes more."));
	private final ShortcutInputs shortcuts = inputs(new ShortcutInputs());
	final InversionInputs inversion = inputs(new InversionInputs());
	private final WithinMaskInputs within = inputs(new WithinMaskInputs());
	private final FeatherInput feather = inputs(new FeatherInput());
	private final NegativeInput negative;

	/**
	 * @param known the further options
	 * @param image which image, and where it may change
	 * @param stepsHelp which steps these are
	 * @param negativeHelp what the negative prompt does
	 */
	EditCommand(final KnownOptions known, final I image, final String stepsHelp, final String negativeHelp) {
		super(known, image);
		sampling = inputs(new SamplingInputs(EditRequest.DEFAULTS.numInferenceSteps(), stepsHelp,
			EditRequest.DEFAULTS.guidanceScale(), "How much the new description counts."));
		negative = inputs(new NegativeInput(NegativeInput.NEW_IMAGE, negativeHelp));
		inputs(new PreviewInput());
	}

	@Override
	final boolean inverts() {
		return true;
	}

	/** The inversion before the edit, still without a prompt. */
	final InvertRequest invertRequest() {
		return shortcuts.on(inversion.on(InvertRequest.DEFAULTS)).withNumInferenceSteps(sampling.steps()).withInpaintStrength(strength.strength()).withSeed(sampling.seed())
			.withClipSkip(options().clipSkip());
	}

	/** The edit, still without a prompt. */
	final EditRequest editRequest() {
		return shortcuts.on(within.on(EditRequest.DEFAULTS)).withNegative(List.of(negative.negative())).withNumInferenceSteps(sampling.steps()).withInpaintStrength(strength.strength())
			.withGuidanceScale(sampling.guidance()).withSeed(sampling.seed()).withClipSkip(options().clipSkip())
			.withDenoisingEnd(modelOptions().handover()).withEta(options().number(Option.ETA, EditRequest.DEFAULTS.eta()));
	}

	/** How another model fills the mask, still without a prompt: from pure noise, unless the amount of change is set. */
	final InpaintRequest fillRequest() {
		final InpaintRequest request = shortcuts.on(InpaintRequest.DEFAULTS).withNumInferenceSteps(sampling.steps()).withGuidanceScale(sampling.guidance()).withClipSkip(options().clipSkip())
			.withEta(options().number(Option.ETA, EditRequest.DEFAULTS.eta()));
		return strength.strength() == EditRequest.DEFAULTS.inpaintStrength() ? request : request.withStrength(strength.strength());
	}

	/** An edit of a place, whose requests are still to be given. */
	final ImageEdit<ImagePlus> edit(final Workplace place) {
		return place.edit().withFeather(feather.feather()).withCheck(within.isChecked());
	}

	/** Takes what the model makes of an edit of the present plane, if it was asked. @param label what sets the edit apart; empty for the only one */
	final void checked(final String label, final Optional<EditCheck> check) {
		check.ifPresent(checks::add);
		check.flatMap(EditCheck::notice).ifPresent(notice -> noticePlane(label, notice));
	}

	/** A description of the result with what the model makes of it. */
	final Provenance withChecks(final Provenance made) {
		return checks.isEmpty() ? made : made.with("lossRatio", checks.stream().flatMap(check -> check.ratios().stream()).map(ratio -> String.format(Locale.ROOT, "%.4f", ratio)).collect(Collectors.joining(" ")));
	}

	/** What edits of a size take, with the check after them. @param edits without it */
	final MemoryEstimate withCheck(final ExpectedMemory model, final ImageSize size, final MemoryEstimate edits) {
		if (!within.isChecked()) return edits;
		final MemoryEstimate check = model.check(size.width(), size.height(), CheckRequest.DEFAULTS);
		return edits.and(new MemoryEstimate(0, check.stages(), check.time()));
	}

	/** Whether values of the mask are degrees. */
	final boolean isSoft() {
		return within.isSoft();
	}

	final boolean isChecked() {
		return within.isChecked();
	}

	/** Where the prompts of a run come from. */
	final PromptSource promptSource(final BorrowedModel borrowed) {
		return promptSource(borrowed, sampling.seed());
	}

	final int steps() {
		return sampling.steps();
	}

	final long seed() {
		return sampling.seed();
	}
}
