package sc.fiji.diffedit.fiji.commands;

import java.util.List;
import java.util.function.Consumer;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.tensor.Mask;

/** How a mask is found, how its outline is drawn, and where it is shown. */
final class MaskInputs extends InputGroup {

	@Parameter(label = "Comparisons", min = "1", persist = false, attrs = @Attr(name = HINT, value = "more: steadier mask, slower"),
		description = "Noisy copies of the image whose differences make the mask: more are steadier and take longer.", callback = MemoryLine.CHANGED)
	private int maps = MaskRequest.DEFAULTS.numMapsPerMask();
	@Parameter(label = "Stop once the mask is stable", persist = false,
		description = "Comparisons end once two of them in a row have left the mask nearly as it was.")
	private boolean untilStable = false;
	@Parameter(label = "Noise in the comparisons", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image before the descriptions are compared.")
	private double noise = MaskRequest.DEFAULTS.maskEncodeStrength();
	@Parameter(label = "Smooth heat map (pixels)", min = "0", max = "1000", persist = false,
		description = "Radius over which the differences are averaged before the threshold: larger joins what lies close and drops single spots.")
	private double smoothMap = 0;
	@Parameter(label = "Smooth outline", persist = false, description = "Round off the squares that the model's resolution leaves.")
	private boolean smooth = false;
	@Parameter(label = "Fill holes up to (pixels)", min = "0", persist = false, description = "Holes in the mask of at most so many pixels are filled.")
	private int holes = 0;
	@Parameter(label = "Smallest part (pixels)", min = "0", persist = false, description = "Parts of the mask with fewer pixels are left out.")
	private int smallest = 0;
	@Parameter(label = "Grow mask (pixels)", min = "0", persist = false, description = "Pixels by which the mask grows, to take in the rims of objects.")
	private double grow = 0;
	@Parameter(label = "Show mask as", choices = { FoundMask.SELECTION, FoundMask.OVERLAY, FoundMask.MANAGER, FoundMask.NOTHING }, persist = false)
	private String show;

	private final CutInputs cut;
	private final ObjectInputs objects;

	/**
	 * @param cut where the heat map is cut
	 * @param objects whether there are candidates
	 * @param show the default, such as {@link FoundMask#SELECTION}
	 * @param help on which image
	 */
	MaskInputs(final CutInputs cut, final ObjectInputs objects, final String show, final String help) {
		this.cut = cut;
		this.objects = objects;
		this.show = show;
		setHelp("show", help + " Several at once in macros: show=[Selection, Overlay].");
	}

	@Override
	protected void check() {
		FoundMask.require(show);
	}

	/** The request with these answers in it. */
	MaskRequest on(final MaskRequest request) {
		return cut.on(request).withNumMapsPerMask(maps).withUntilStable(untilStable).withMaskEncodeStrength(noise);
	}

	/** The request with the objects of a place to choose among, if there are any. */
	MaskRequest among(final MaskRequest request, final Workplace place) {
		return objects.on(request, place);
	}

	/** How the mask is shaped. */
	MaskShape shape() {
		return new MaskShape(smoothMap, smooth, holes, smallest, grow);
	}

	/** The mask of a map with these answers and the threshold that it was asked for, in pixels of the whole image. */
	Mask of(final LocatedMap map) {
		return map.mask(map.found().request().threshold(), shape());
	}

	/** Whether the image itself shows the mask. */
	boolean isDrawn() {
		return FoundMask.isDrawn(show);
	}

	/** Shows masks of planes as {@link FoundMask#show} does. */
	Roi show(final List<Roi> masks, final ImagePlus image, final List<Position> at, final Consumer<String> notices) {
		return FoundMask.show(show, masks, image, at, notices);
	}
}
