package sc.fiji.diffedit.fiji;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.DiffEdit;

/**
 * Several edits of one image that are compared, such as at several strengths, seeds or with several descriptions. Each has the bits that it
 * has alone, but a mask that several share is found once, and so is an inversion: up to the largest strength, which serves the smaller
 * ones; in tiles it serves one mask. In Groovy:
 *
 * <pre>{@code
 * edit = ImageEdit.of(image).from("green nuclei").to("cyan nuclei")
 * results = EditSweep.run([0.4, 0.6, 0.8].collect { edit.withStrength(it) }, lease.diffEdit(), StepListener.NONE)
 * }</pre>
 */
public final class EditSweep {

	private EditSweep() {}

	/**
	 * Makes the edits.
	 *
	 * @param edits of one view
	 * @return the result of each
	 * @throws DiffEditException if they are of different images, or one cannot be made; the message says what to change
	 */
	public static <I> List<ImageEdit.Result<I>> run(final List<ImageEdit<I>> edits, final DiffEdit model, final StepListener listener) {
		model.requireInvertible();
		final Map<List<?>, ImageEdit.Search> masks = new HashMap<>();
		final Map<List<?>, Inversion> inversions = new HashMap<>();
		final List<ImageEdit.Result<I>> results = new ArrayList<>();
		for (final ImageEdit<I> edit : edits) {
			if (edit.view() != edits.get(0).view()) throw new DiffEditException("Edits that are compared must be of one view of one image; make them from one ImageEdit.");
			final ImageEdit.Search search = masks.computeIfAbsent(searched(edit), key -> edit.search(model, listener));
			final InvertRequest request = furthest(edits, edit.invertRequest());
			final List<?> inverted = model.isTiled() ? List.of(request, search) : List.of(request);   // in tiles only those of the mask
			final Inversion inversion = inversions.computeIfAbsent(inverted, key -> model.within(search.mask()).invert(search.input(), request, listener));
			results.add(edit.result(model, search, inversion, listener));
		}
		return results;
	}

	/** All that a mask depends on, besides the view. */
	private static List<?> searched(final ImageEdit<?> edit) {
		return List.of(edit.limits(), edit.drawn(), edit.maskRequest(), edit.shape(), edit.editRequest().maskUse());
	}

	/** The request, at the largest strength of all that differ in nothing else. */
	private static InvertRequest furthest(final List<? extends ImageEdit<?>> edits, final InvertRequest request) {
		final InvertRequest like = request.withInpaintStrength(1);
		return request.withInpaintStrength(edits.stream().map(ImageEdit::invertRequest).filter(other -> other.withInpaintStrength(1).equals(like))
			.mapToDouble(InvertRequest::inpaintStrength).max().orElseThrow());
	}
}
