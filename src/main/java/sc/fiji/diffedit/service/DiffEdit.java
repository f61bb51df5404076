package sc.fiji.diffedit.service;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.DiffEditPipeline;
import sc.fiji.diffedit.pipelines.EditCheck;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.RunMemory.Size;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;

/**
 * {@link DiffEditPipeline} with a borrowed model, callable from any thread. In Groovy:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * models.borrow("demo").withCloseable { lease ->
 *     diffEdit = lease.diffEdit()
 *     found = diffEdit.generateMask(image, MaskRequest.between("green nuclei", "cyan nuclei"))
 *     inverted = diffEdit.invert(image, InvertRequest.of("green nuclei"))
 *     edited = diffEdit.edit(EditRequest.to("cyan nuclei"), found.masks(), inverted).image()
 * }
 * }</pre>
 *
 * {@link sc.fiji.diffedit.Run#cancel} of the caller's run, or an interrupt of the calling thread, ends a call at the next block of
 * the network with a {@link sc.fiji.diffedit.CancelledException}.
 */
public final class DiffEdit {

	private final ModelLease lease;
	private final Optional<ModelLease> refiner;
	private final Optional<Mask> where;

	DiffEdit(final ModelLease lease) {
		this(lease, Optional.empty(), Optional.empty());
	}

	private DiffEdit(final ModelLease lease, final Optional<ModelLease> refiner, final Optional<Mask> where) {
		this.lease = lease;
		this.refiner = refiner;
		this.where = where;
	}

	/**
	 * The same with an SDXL refiner for the last steps of edits, from their {@code denoisingEnd} on. The refiner's lease must
	 * stay open as long as this is used; borrowed with {@link LoadOptions#withBase} it shares what it can with this model.
	 *
	 * @see DiffEditPipeline#withRefiner
	 */
	public DiffEdit withRefiner(final ModelLease refiner) {
		return new DiffEdit(lease, Optional.of(refiner), where);
	}

	/**
	 * The same for images that will change only within a mask.
	 *
	 * @param pixels a mask of the images' size
	 * @see DiffEditPipeline#within
	 */
	public DiffEdit within(final Mask pixels) {
		return new DiffEdit(lease, refiner, Optional.of(pixels));
	}

	/** Whether large images go through the UNet in tiles; then {@link #within} makes another inversion for each mask. */
	public boolean isTiled() {
		return lease.isTiled();
	}

	/** Number of image pixels per latent pixel along an axis. */
	public int scaleFactor() {
		return lease.scaleFactor();
	}

	/** @see DiffEditPipeline#generateMask */
	public MaskResult generateMask(final ImageInput images, final MaskRequest request, final StepListener listener) {
		return lease.run(model -> RunMemory.of(model, Size.of(model, images), request),
			(model, stop) -> new DiffEditPipeline(model).generateMask(images, request, stop), listener);
	}

	public MaskResult generateMask(final ImageInput images, final MaskRequest request) {
		return generateMask(images, request, StepListener.NONE);
	}

	/** @see DiffEditPipeline#invert */
	public Inversion invert(final ImageInput images, final InvertRequest request, final StepListener listener) {
		return lease.run(model -> RunMemory.of(model, Size.of(model, images), request),
			(model, stop) -> limited(new DiffEditPipeline(model)).invert(images, request, stop), listener);
	}

	/**
	 * Says before a long mask that no inversion will follow it.
	 *
	 * @see DiffEditPipeline#requireInvertible
	 */
	public void requireInvertible() {
		lease.call(model -> {
			new DiffEditPipeline(model).requireInvertible();
			return null;
		});
	}

	private DiffEditPipeline limited(final DiffEditPipeline pipeline) {
		return where.map(pipeline::within).orElse(pipeline);
	}

	public Inversion invert(final ImageInput images, final InvertRequest request) {
		return invert(images, request, StepListener.NONE);
	}

	/** @see DiffEditPipeline#edit */
	public EditResult edit(final EditRequest request, final List<Mask> masks, final Inversion inversion, final StepListener listener) {
		return edited(request, inversion, 1, (pipeline, stop) -> pipeline.edit(request, masks, inversion, stop), listener);
	}

	/** @see DiffEditPipeline#editRegions */
	public EditResult editRegions(final EditRequest request, final List<EditRegion> regions, final Inversion inversion, final StepListener listener) {
		return edited(request, inversion, regions.size(), (pipeline, stop) -> pipeline.editRegions(request, regions, inversion, stop), listener);
	}

	private EditResult edited(final EditRequest request, final Inversion inversion, final int regions, final BiFunction<DiffEditPipeline, StepListener, EditResult> work,
		final StepListener listener)
	{
		final Size size = Size.of(inversion);
		final int rows = Math.max(1, regions);
		refiner.ifPresent(last -> last.prepare(model -> RunMemory.ofRefiner(model, size, request, rows), lease));
		return lease.run(model -> RunMemory.of(model, size, request, inversion.method(), rows), (model, stop) -> {
			final DiffEditPipeline base = new DiffEditPipeline(model);
			if (refiner.isEmpty()) return work.apply(base, stop);
			return refiner.get().within(refining -> work.apply(base.withRefiner(refining), stop));
		}, listener);
	}

	/** @see DiffEditPipeline#check */
	public EditCheck check(final CheckRequest request, final List<Mask> masks, final Latents edited, final StepListener listener) {
		return lease.run(model -> RunMemory.of(model, Size.of(edited), request), (model, stop) -> new DiffEditPipeline(model).check(request, masks, edited, stop), listener);
	}

	public EditResult edit(final EditRequest request, final List<Mask> masks, final Inversion inversion) {
		return edit(request, masks, inversion, StepListener.NONE);
	}

	public EditResult edit(final EditRequest request, final Mask mask, final Inversion inversion) {
		return edit(request, List.of(mask), inversion);
	}
}
