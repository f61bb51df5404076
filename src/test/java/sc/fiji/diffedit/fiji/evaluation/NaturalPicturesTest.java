package sc.fiji.diffedit.fiji.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Polygon;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.plugin.LutLoader;
import ij.plugin.MontageMaker;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageConverter;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Padding;
import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Guide;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Masks follow outlines in photographs too. No model is asked: heat maps are made up, as coarse as those of Stable Diffusion (a value
 * for 8 x 8 pixels), blurred and noisy. With {@code -Ddiffedit.pictures=src/site/resources/images} the pictures of the page on masks
 * are written.
 */
class NaturalPicturesTest {

	private static final Path PICTURES = Path.of("src/test/resources/sc/fiji/diffedit/fiji/evaluation");
	private static final String WRITE = "diffedit.pictures";
	/** Pixels per value of a heat map, of a picture's side on the page, and of a line of text. */
	private static final int FACTOR = 8, SHOWN = 192, LINE = 20;

	/** What the page suggests for photographs. */
	private static final MaskShape TIDY = MaskShape.PLAIN.withHoles(200).withSmallest(200);

	/** What is meant in a picture, outlined by hand in steps of some pixels: x and y in turn. */
	enum Case {
		COFFEE(0.74, 0.92, 0.92, 34, 143, 40, 131, 48, 120, 55, 107, 75, 101, 90, 97, 110, 95, 130, 96, 150, 100, 165, 106, 178, 117, 188, 130, 194, 142, 199, 158, 195, 167, 186, 176, 170, 185, 150, 190,
			128, 192, 105, 191, 85, 187, 64, 177, 48, 165, 38, 153),
		EYE(0.75, 0.74, 0.75, 46, 62, 50, 52, 60, 48, 75, 47, 88, 48, 100, 54, 110, 63, 115, 74, 117, 84, 112, 92, 102, 100, 90, 105, 78, 105, 66, 101, 56, 92, 49, 80),
		TISSUE(0.74, 0.94, 0.95, 78, 16, 64, 29, 62, 44, 48, 50, 44, 64, 46, 94, 48, 124, 54, 139, 66, 158, 80, 174, 92, 192, 98, 210, 100, 222, 150, 222, 160, 210, 164, 192, 170, 174, 174, 154, 174, 134, 172,
			109, 166, 84, 162, 64, 158, 58, 146, 54, 132, 44, 120, 42, 116, 32, 98, 28, 86, 24);

		private final double squares, refined, tidied;
		private final int[] outline;

		/** @param squares IoU without refinement @param refined IoU with it @param tidied IoU without small parts and holes besides */
		Case(final double squares, final double refined, final double tidied, final int... outline) {
			this.squares = squares;
			this.refined = refined;
			this.tidied = tidied;
			this.outline = outline;
		}

		String file() {
			return name().toLowerCase(Locale.ROOT) + ".png";
		}

		Roi outline() {
			final Polygon polygon = new Polygon();
			for (int i = 0; i < outline.length; i += 2) polygon.addPoint(outline[i], outline[i + 1]);
			return new PolygonRoi(polygon, Roi.POLYGON);
		}
	}

	@ParameterizedTest
	@EnumSource
	void masksFollowOutlines(final Case one) {
		final Picture picture = PngFiles.readPicture(PICTURES.resolve(one.file()));
		final Mask truth = Masks.of(one.outline(), picture.width(), picture.height());
		final DifferenceMap heat = heat(truth);
		final MaskResult squares = mask(heat, picture, MaskRefinement.NONE), refined = mask(heat, picture, MaskRefinement.GUIDED_FILTER);
		final Mask tidy = TIDY.pixels(refined, new Padding(picture.width(), picture.height(), FACTOR));
		if (System.getProperty(WRITE) != null) write(one, picture, truth, squares, List.of(refined.mask(), tidy));
		assertEquals(one.squares, Overlap.of(squares.mask(), truth).iou(), 0.01);
		assertEquals(one.refined, Overlap.of(refined.mask(), truth).iou(), 0.01);
		assertEquals(one.tidied, Overlap.of(tidy, truth).iou(), 0.01);
	}

	private static MaskResult mask(final DifferenceMap heat, final Picture picture, final MaskRefinement refinement) {
		return MaskResult.of(List.of(heat), List.of(new Guide(picture, FACTOR)), MaskRequest.DEFAULTS.withMaskRefinement(refinement));
	}

	/** The part of each square that is meant, under a Gaussian of one and a half values, above a ground of a quarter, with a quarter of noise. */
	private static DifferenceMap heat(final Mask truth) {
		final int width = truth.width() / FACTOR, height = truth.height() / FACTOR;
		final FloatProcessor parts = new FloatProcessor(truth.width(), truth.height(), truth.values().clone());
		final FloatProcessor coarse = (FloatProcessor) parts.bin(FACTOR);
		coarse.blurGaussian(1.5);
		final Random noise = new Random(5);
		final float[] values = new float[width * height];
		for (int i = 0; i < values.length; i++) values[i] = (float) Math.max(0, (0.25 + coarse.getf(i)) * (1 + 0.25 * noise.nextGaussian()));
		return new DifferenceMap(width, height, values);
	}

	// -- pictures for the page --

	private static void write(final Case one, final Picture picture, final Mask truth, final MaskResult squares, final List<Mask> refined) {
		final ImageStack cells = new ImageStack(SHOWN, SHOWN + LINE);
		cells.addSlice(labelled("What is meant", cell(picture, truth, Color.YELLOW)));
		cells.addSlice(labelled("Made-up heat map", heatMap(squares.map())));
		final Mask large = squares.mask().resized(picture.width(), picture.height());
		cells.addSlice(labelled(label("Not refined", large, truth), cell(picture, large, Color.WHITE)));
		cells.addSlice(labelled(label("Guided filter", refined.get(0), truth), cell(picture, refined.get(0), Color.WHITE)));
		cells.addSlice(labelled(label("Tidied", refined.get(1), truth), cell(picture, refined.get(1), Color.WHITE)));
		final ImagePlus sheet = new MontageMaker().makeMontage2(new ImagePlus("", cells), cells.size(), 1, 1, 1, cells.size(), 1, 2, false);
		new ImageConverter(sheet).convertRGBtoIndexedColor(256);
		ImageFiles.save(sheet, Path.of(System.getProperty(WRITE), "life-" + one.file()));
	}

	/** With a line below. */
	private static ImageProcessor labelled(final String label, final ImageProcessor cell) {
		final ColorProcessor with = new ColorProcessor(SHOWN, SHOWN + LINE);
		with.setColor(Color.WHITE);
		with.fill();
		with.insert(cell, 0, 0);
		with.setColor(Color.BLACK);
		with.setAntialiasedText(true);
		with.drawString(label, 2, SHOWN + LINE - 1);
		return with;
	}

	private static String label(final String what, final Mask mask, final Mask truth) {
		return String.format(Locale.ROOT, "%s: IoU %.2f", what, Overlap.of(mask, truth).iou());
	}

	private static ImageProcessor cell(final Picture picture, final Mask mask, final Color color) {
		final ImagePlus image = Pictures.toImagePlus(picture, "");
		final Roi outline = Masks.toRoi(mask);
		outline.setStrokeColor(color);
		outline.setStrokeWidth(2);
		image.setOverlay(new Overlay(outline));
		return scaled(image.flatten().getProcessor());
	}

	private static ImageProcessor heatMap(final DifferenceMap map) {
		final ImageProcessor heat = new FloatProcessor(map.width(), map.height(), map.values()).convertToByte(true);
		heat.setColorModel(LutLoader.getLut("fire"));
		heat.setInterpolationMethod(ImageProcessor.NONE);
		return heat.resize(SHOWN, SHOWN).convertToRGB();
	}

	private static ImageProcessor scaled(final ImageProcessor cell) {
		cell.setInterpolationMethod(ImageProcessor.BICUBIC);
		return cell.resize(SHOWN, SHOWN, true);
	}
}
