package sc.fiji.diffedit.fiji.commands;

import java.util.Map;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;

/** Mask, inversion and edit in one. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Edit Image With Text...", weight = 0) },
	description = "Finds where the image must change, and makes a new image that is the same to the last bit everywhere else.")
public class EditImageWithText extends EditCommand<ImagePartInputs> {

	private final MaskInputs mask = inputs(new MaskInputs(inputs(new CutInputs()), inputs(new ObjectInputs(image)), FoundMask.OVERLAY, "On the new image."));
	private final MaskImageInputs images = inputs(new MaskImageInputs(false));
	private final EditPrompts prompts = inputs(new EditPrompts());
	private final CompareInputs compared = inputs(new CompareInputs(image));

	private final FoundMasks masks = new FoundMasks(this, mask, images, "The mask is empty, so nothing was changed; lower the mask threshold or describe a larger difference.");

	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;
	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;
	@Parameter(label = "Labels", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus labelImage;
	@Parameter(label = "Differences", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus differences;

	/** A command whose form has {@link KnownOptions#TEXT_EDIT}. */
	public EditImageWithText() {
		super(KnownOptions.TEXT_EDIT, new ImagePartInputs("With Selection only its surrounding rectangle is looked at, and only the selection may change."), "Steps of the noise schedule.", "Negative prompt of the edit.");
	}

	@Override
	RunEstimate estimate() {
		final ImageSize size = image.size();
		final boolean fills = options().has(Option.INPAINT_MODEL);
		return new RunEstimate(model -> withCheck(model, size, fills ? model.mask(size.width(), size.height(), maskRequest()) : model.diffEdit(size.width(), size.height(), maskRequest(), invertRequest(), editRequest())),
			second -> fills ? second.inpaint(size.width(), size.height(), fillRequest()) : second.refining(size.width(), size.height(), editRequest())).times(compared.count());
	}

	private MaskRequest maskRequest() {
		return mask.on(MaskRequest.DEFAULTS).withNumInferenceSteps(steps()).withSeed(seed()).withClipSkip(options().clipSkip());
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		final PromptSource source = promptSource(model);
		final ImageEdit<ImagePlus> edit = edit(place).with(mask.among(maskRequest(), place), invertRequest(), editRequest())
			.from(prompts.source(source, place::picture)).to(prompts.target(source)).withShape(mask.shape());
		final Map<String, ImageEdit.Result<ImagePlus>> done = compared.run(edit, source, model, fillRequest(), listener);
		results().add(compared.arranged(done), place.image());
		done.forEach((label, one) -> {
			checked(label, one.check());
			masks.tell(label, one.found().orElseThrow(), one.mask());
		});
		final ImageEdit.Result<ImagePlus> first = done.values().iterator().next();
		masks.add(place.located(first.found().orElseThrow(), model.lease().scaleFactor()), place.whole(first.mask()), place);
	}

	@Override
	void finish(final BorrowedModel model) {
		final Provenance made = withChecks(made("edit", model));
		result = results().image(Titles.of(image.place().image(), "edit"), whole -> {
			roi = masks.showOnResult(whole, this::addNotice);
			withNotices(made).describe(whole);
		});
		labelImage = masks.labels(made);
		differences = masks.heatMaps(made);
	}
}
