package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;
import ij.gui.Roi;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.NativeType;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.EditCheck;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskUse;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * A text-guided edit of an image, for scripts. In Groovy:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * #@ ij.ImagePlus image
 * #@output ij.ImagePlus result
 * import sc.fiji.diffedit.fiji.ImageEdit
 * models.borrow("demo").withCloseable { lease ->
 *     result = ImageEdit.of(image).from("green nuclei").to("cyan nuclei").withSeed(7).run(lease).image()
 * }
 * }</pre>
 *
 * Images of imglib2 are edited in the same way: {@code ImageEdit.of(cells, Axes.named("XYZ").at('Z' as char, 5))}. Every
 * method gives a new edit and leaves the old one as it was.
 *
 * @param <I> the kind of image: {@code ImagePlus} or {@code RandomAccessibleInterval}
 * @param view the plane, or the rectangle of it, that is worked on
 * @param limits of the view's size: outside of it nothing may change; empty for no limits
 * @param drawn of the view's size: where the image changes; empty to find out by comparing the descriptions
 * @param maskRequest how the mask is found
 * @param invertRequest how the image is carried to noise
 * @param editRequest how it comes back
 * @param shape how a mask that was found is shaped
 * @param feather pixels over which the edit fades in within the mask, 0 or more
 * @param checked whether the model is asked afterwards if the edit has come to what it should
 * @param regions of the view's size, with descriptions of their own, where the mask is drawn; empty where one description counts everywhere
 */
public record ImageEdit<I>(ImageView<I> view, Optional<Mask> limits, Optional<Mask> drawn, MaskRequest maskRequest,
	InvertRequest invertRequest, EditRequest editRequest, MaskShape shape, double feather, boolean checked, List<EditRegion> regions) {

	/**
	 * The result of an edit.
	 *
	 * @param image the new image
	 * @param mask where it changed, of the view's size
	 * @param region the position of the view in the plane
	 * @param found how the mask was found; empty when it was drawn
	 * @param check what the model makes of the edit; empty when it was not asked
	 */
	public record Result<I>(I image, Mask mask, Rectangle region, Optional<MaskResult> found, Optional<EditCheck> check) {}

	/**
	 * The result of the last stage alone.
	 *
	 * @param image the new image
	 * @param check what the model makes of the edit; empty when it was not asked
	 */
	public record Edited<I>(I image, Optional<EditCheck> check) {}

	/** The plane of an image that is shown, with all defaults. */
	public static ImageEdit<ImagePlus> of(final ImagePlus image) {
		return of(ImageView.of(image, ViewSettings.DEFAULT));
	}

	/** A plane of an image of imglib2, with all defaults. */
	public static <T extends NativeType<T>> ImageEdit<RandomAccessibleInterval<T>> of(final RandomAccessibleInterval<T> image, final Axes axes) {
		return of(ImageView.of(image, axes, ViewSettings.DEFAULT));
	}

	/** A view of an image, with all defaults. */
	public static <I> ImageEdit<I> of(final ImageView<I> view) {
		return new ImageEdit<>(view, Optional.empty(), Optional.empty(), MaskRequest.DEFAULTS, InvertRequest.DEFAULTS.withInpaintStrength(EditRequest.DEFAULTS.inpaintStrength()), EditRequest.DEFAULTS,
			MaskShape.PLAIN, 0, false, List.of());
	}

	/** Says what is in the image. */
	public ImageEdit<I> from(final String source) {
		return from(Prompt.of(source));
	}

	/** Says what is in the image, perhaps as an embedding: the mean of many sentences. */
	public ImageEdit<I> from(final Prompt source) {
		final List<Prompt> prompt = List.of(source);
		return with(maskRequest.withSource(prompt), invertRequest.withPrompt(prompt), editRequest);
	}

	/** Sets what should be there instead. */
	public ImageEdit<I> to(final String target) {
		return to(Prompt.of(target));
	}

	/** Says what should be there instead, perhaps as an embedding. */
	public ImageEdit<I> to(final Prompt target) {
		final List<Prompt> prompt = List.of(target);
		return with(maskRequest.withTarget(prompt), invertRequest, editRequest.withPrompt(prompt));
	}

	/** Sets the negative prompt. */
	public ImageEdit<I> without(final String negative) {
		return with(maskRequest, invertRequest, editRequest.withNegative(List.of(Prompt.of(negative))));
	}

	public ImageEdit<I> withSeed(final long seed) {
		return with(maskRequest.withSeed(seed), invertRequest.withSeed(seed), editRequest.withSeed(seed));
	}

	/** Steps of the noise schedule, of all three stages. */
	public ImageEdit<I> withSteps(final int steps) {
		return with(maskRequest.withNumInferenceSteps(steps), invertRequest.withNumInferenceSteps(steps), editRequest.withNumInferenceSteps(steps));
	}

	/** How far from noise the edit begins, in (0, 1]: larger changes more. */
	public ImageEdit<I> withStrength(final double strength) {
		return with(maskRequest, invertRequest.withInpaintStrength(strength), editRequest.withInpaintStrength(strength));
	}

	/** How much the new description counts in the edit. */
	public ImageEdit<I> withGuidance(final double guidanceScale) {
		return with(maskRequest, invertRequest, editRequest.withGuidanceScale(guidanceScale));
	}

	/** Noisy copies of the image whose differences make the mask. */
	public ImageEdit<I> withMaps(final int numMapsPerMask) {
		return with(maskRequest.withNumMapsPerMask(numMapsPerMask), invertRequest, editRequest);
	}

	/** Inside of the mask is where the difference exceeds half of this times its mean. */
	public ImageEdit<I> withThresholdRatio(final double ratio) {
		return with(maskRequest.withMaskThresholdingRatio(ratio), invertRequest, editRequest);
	}

	/** With requests made elsewhere, for what has no method here. */
	public ImageEdit<I> with(final MaskRequest newMask, final InvertRequest newInvert, final EditRequest newEdit) {
		return new ImageEdit<>(view, limits, drawn, newMask, newInvert, newEdit, shape, feather, checked, regions);
	}

	public ImageEdit<I> withShape(final MaskShape newShape) {
		return new ImageEdit<>(view, limits, drawn, maskRequest, invertRequest, editRequest, newShape, feather, checked, regions);
	}

	public ImageEdit<I> withFeather(final double newFeather) {
		return new ImageEdit<>(view, limits, drawn, maskRequest, invertRequest, editRequest, shape, newFeather, checked, regions);
	}

	/** With mask values as strengths of their own, be they drawn or the heat of a mask that is found. */
	public ImageEdit<I> softly() {
		return with(maskRequest, invertRequest, editRequest.withMaskUse(MaskUse.SOFT));
	}

	/** Whether the model is asked afterwards if the edit has come to what it should; that takes twelve predictions more. */
	public ImageEdit<I> withCheck(final boolean newChecked) {
		return new ImageEdit<>(view, limits, drawn, maskRequest, invertRequest, editRequest, shape, feather, newChecked, regions);
	}

	/** Looks only at the rectangle around a selection, and changes only the selection. Its coordinates count from the view's corner. */
	public ImageEdit<I> within(final Roi selection) {
		final Rectangle region = Masks.region(selection, view.width(), view.height());
		final Mask within = Masks.cropped(Masks.of(selection, view.width(), view.height()), region);
		return new ImageEdit<>(view.cropped(region), Optional.of(within), drawn.map(mask -> Masks.cropped(mask, region)), maskRequest,
			invertRequest, editRequest, shape, feather, checked, regions.stream().map(part -> part.withMask(Masks.cropped(part.mask(), region))).toList());
	}

	/** Changes a selection, without looking for a mask. */
	public ImageEdit<I> inside(final Roi selection) {
		return inside(Masks.of(selection, view.width(), view.height()));
	}

	/** Changes a mask of the view's size, without looking for one. */
	public ImageEdit<I> inside(final Mask mask) {
		return new ImageEdit<>(view, limits, Optional.of(mask), maskRequest, invertRequest, editRequest, shape, feather, checked, regions);
	}

	/** Changes regions with masks of the view's size, each into what its own description says, in one pass. */
	public ImageEdit<I> inside(final List<EditRegion> newRegions) {
		return new ImageEdit<>(view, limits, Optional.of(EditRegion.together(newRegions)), maskRequest, invertRequest, editRequest.withPrompt(List.of(newRegions.get(0).prompt())), shape, feather,
			checked, List.copyOf(newRegions));
	}

	/** Finds the mask, inverts the image, edits it, and pastes the pixels of the mask into a copy of the image. */
	public Result<I> run(final ModelLease model) {
		return run(model, StepListener.NONE);
	}

	/** @throws DiffEditException if that cannot be done; the message says what to change */
	public Result<I> run(final ModelLease model, final StepListener listener) {
		return run(model.diffEdit(), listener);
	}

	/** The same with DiffEdit as it is given, such as one with a refiner. */
	public Result<I> run(final DiffEdit model, final StepListener listener) {
		model.requireInvertible();
		final Search search = search(model, listener);
		return result(model, search, model.within(search.mask).invert(search.input, invertRequest, listener), listener);
	}

	/** The last stage, from what the others have found. */
	Result<I> result(final DiffEdit model, final Search search, final Inversion inversion, final StepListener listener) {
		final Edited<I> edited = edited(model, search.mask, inversion, listener);
		return new Result<>(edited.image, search.mask, view.region(), search.found, edited.check);
	}

	/**
	 * The same with the mask filled by another model, such as one that was trained for inpainting and sees the mask: it needs no inversion.
	 *
	 * @param model finds the mask, and checks the result
	 * @param filler fills it; strength is how much noise it begins with
	 * @param fill the request, whose prompts do not count
	 */
	public Result<I> run(final DiffEdit model, final ModelLease filler, final InpaintRequest fill, final StepListener listener) {
		if (isSoft()) throw new DiffEditException("A model that fills the mask changes all of it; leave the soft change out, or edit without that model.");
		if (!regions.isEmpty()) throw new DiffEditException("A model that fills the mask does so with one description; leave the regions out, or edit without that model.");
		final Search search = search(model, listener);
		if (search.mask.isEmpty()) return new Result<>(view.edited(picture(), search.mask), search.mask, view.region(), search.found, Optional.empty());
		final InpaintRequest request = fill.withPrompt(editRequest.prompt()).withNegative(editRequest.negative()).withSeeds(editRequest.seeds());
		final GenerationResult filled = filler.inpaint(search.input, List.of(search.mask), request, listener);
		final Optional<EditCheck> check = checked ? Optional.of(check(model, whole(search.mask), filled.latents(), listener)) : Optional.empty();
		return new Result<>(view.edited(filled.image(), Masks.feathered(search.mask, feather)), search.mask, view.region(), search.found, check);
	}

	/** The first stage: the mask, unless it is drawn. */
	record Search(ImageInput input, Mask mask, Optional<MaskResult> found) {}

	Search search(final DiffEdit model, final StepListener listener) {
		final ImageInput input = ImageInput.of(picture());
		final Optional<MaskResult> found = drawn.isPresent() ? Optional.empty() : Optional.of(model.generateMask(input, maskRequest, listener));
		final Mask any = found.map(result -> mask(result, new Padding(view.width(), view.height(), model.scaleFactor()))).or(() -> drawn).orElseThrow();
		return new Search(input, limits.map(within -> Masks.both(any, within)).orElse(any), found);
	}

	private Mask mask(final MaskResult found, final Padding padding) {
		final Mask mask = shape.forEdit(found, padding);
		return isSoft() ? shape.softened(found, padding, mask) : mask;
	}

	private boolean isSoft() {
		return editRequest.maskUse() == MaskUse.SOFT;
	}

	/** The view as the model sees it; pixels that cannot change may be NaN. */
	private Picture picture() {
		return drawn.or(() -> limits).map(view::picture).orElseGet(view::picture);
	}

	/** The last stage alone, from an inversion of the view. */
	public Edited<I> edited(final DiffEdit model, final Mask mask, final Inversion inversion, final StepListener listener) {
		final List<EditRegion> parts = regions.stream().map(part -> part.withMask(Masks.both(part.mask(), mask))).toList();
		final EditResult edited = parts.isEmpty() ? model.edit(editRequest, List.of(mask), inversion, listener) : model.editRegions(editRequest, parts, inversion, listener);
		final Optional<EditCheck> check = checked ? Optional.of(check(model, parts.isEmpty() ? whole(mask) : parts, edited.latents(), listener)) : Optional.empty();
		return new Edited<>(view.edited(edited.image(), Masks.feathered(isSoft() ? mask.touched() : mask, feather)), check);
	}

	private List<EditRegion> whole(final Mask mask) {
		return List.of(new EditRegion(mask, editRequest.prompt().get(0), Prompt.NONE));
	}

	/** A ratio for each part. */
	private EditCheck check(final DiffEdit model, final List<EditRegion> parts, final Latents edited, final StepListener listener) {
		final CheckRequest request = CheckRequest.DEFAULTS.withClipSkip(editRequest.clipSkip()).withSeeds(editRequest.seeds());
		return new EditCheck(parts.stream().map(part -> model.check(request.withPrompts(invertRequest.prompt(), List.of(part.prompt())), List.of(part.mask()), edited, listener).ratio()).toList());
	}
}
