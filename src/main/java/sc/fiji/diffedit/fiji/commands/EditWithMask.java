package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;

/** Edits an image within a mask that a user has drawn or {@link GenerateMask} has found. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Edit With Mask...", weight = 3) },
	description = "Makes a new image that shows the new description within the mask and is the same to the last bit outside of it.")
public class EditWithMask extends EditCommand<InvertedImageInputs> {

	private final EditPrompts prompts = inputs(new EditPrompts("Such as: green nuclei. Used when the image is inverted now."));

	private final RegionInputs regions = inputs(new RegionInputs(image::isMaskImage));

	/** Those of an inversion may be others than the form's. */
	private int stepsMade;

	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	/** A command whose form has {@link KnownOptions#EDIT}. */
	public EditWithMask() {
		super(KnownOptions.EDIT, new InvertedImageInputs(), "Steps of the noise schedule, for inversion and edit.", "Negative prompt; what is in the image now is a good choice.");
		prompts.onlyIf(() -> !image.isInverted() || isChecked());
		image.softIf(this::isSoft);
		image.labelledIf(regions::isUsed);
		inversion.onlyIf(() -> !image.isInverted());
	}

	@Override
	RunEstimate estimate() {
		final ImageSize size = image.size();
		final EditRequest edit = editRequest();
		return new RunEstimate(model -> withCheck(model, size, image.isInverted() ? model.edit(size.width(), size.height(), edit.withNumInferenceSteps(image.steps(steps())), image.method(), regions.count())
			: model.invertAndEdit(size.width(), size.height(), invertRequest(), edit, regions.count())), refiner -> refiner.refining(size.width(), size.height(), edit));
	}

	@Override
	void begin() {
		stepsMade = steps();
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		if (image.isMaskEmpty()) {
			results().add(place.unchanged(), place.image());
			return;
		}
		final PromptSource source = promptSource(model);
		final InvertRequest invert = invertRequest().withPrompt(List.of(image.isInverted() && !isChecked() ? Prompt.NONE : prompts.source(source, place::picture)));
		final Inversion inversion = image.saved().isPresent() ? image.saved().get().inversion(place, model.lease())
			: model.diffEdit().within(place.limits().orElseThrow()).invert(place.input(), invert, listener);
		final EditRequest request = editRequest().withPrompt(List.of(prompts.target(source))).withNumInferenceSteps(inversion.numInferenceSteps());
		final ImageEdit<ImagePlus> edit = edit(place).with(MaskRequest.DEFAULTS, invert, request);
		final ImageEdit.Edited<ImagePlus> edited = regions.on(edit, image, source, this::noticePlane).edited(model.diffEdit(), place.limits().orElseThrow(), inversion, listener);
		checked("", edited.check());
		results().add(edited.image(), place.image());
		stepsMade = inversion.numInferenceSteps();
	}

	@Override
	void finish(final BorrowedModel model) {
		result = titled("edit", withChecks(made("edit", model).with("steps", stepsMade)));
	}
}
