package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.process.ShortProcessor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.integer.UnsignedShortType;
import net.imglib2.view.Views;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** Edits from scripts: the same bits for images of ImageJ and of imglib2. */
class ImageEditTest {

	private static final int W = 29, H = 22;
	private static Context context;
	private static ModelLease model;

	@BeforeAll
	static void borrow() {
		context = new Context(DiffusionModelService.class);
		model = context.service(DiffusionModelService.class).borrow("demo");
	}

	@AfterAll
	static void giveBack() {
		model.close();
		context.dispose();
	}

	@Test
	void bothKindsOfImagesGiveTheSameBits() {
		final short[] pixels = pixels();
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels, null));
		final RandomAccessibleInterval<UnsignedShortType> volume = Views.translate(ArrayImgs.unsignedShorts(two(pixels), W, H, 2), 5, 5, 5);
		final ImageEdit.Result<ImagePlus> one = withPrompts(ImageEdit.of(image)).run(model);
		final ImageEdit.Result<RandomAccessibleInterval<UnsignedShortType>> other =
			withPrompts(ImageEdit.of(volume, Axes.named("XYZ").at('Z', 1))).run(model);
		assertArrayEquals(one.mask().values(), other.mask().values());
		assertArrayEquals(new long[] { 5, 5, 6 }, other.image().minAsLongArray(), "one plane, where it was");
		assertArrayEquals(new long[] { W, H, 1 }, other.image().dimensionsAsLongArray());
		int changed = 0;
		for (int y = 0; y < H; y++) {
			for (int x = 0; x < W; x++) {
				final int is = one.image().getProcessor().get(x, y), was = pixels[y * W + x];
				assertEquals(is, other.image().getAt(x + 5, y + 5, 6).get());
				if (one.mask().values()[y * W + x] == 0) assertEquals(was, is);
				if (is != was) changed++;
			}
		}
		assertTrue(changed > 0);
		assertEquals(2, one.found().orElseThrow().request().numMapsPerMask());
	}

	@Test
	void aSelectionLimitsOrReplacesTheMask() {
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels(), null));
		final OvalRoi circle = new OvalRoi(4, 3, 17, 15);
		final Mask round = Masks.of(circle, W, H);
		final ImageEdit.Result<ImagePlus> within = withPrompts(ImageEdit.of(image)).withThresholdRatio(0.01).within(circle).run(model);
		assertEquals(new Rectangle(4, 3, 17, 15), within.region());
		assertArrayEquals(round.values(), Masks.placed(within.mask(), within.region(), W, H).values(), "all of the circle lies above so low a threshold");
		final ImageEdit.Result<ImagePlus> inside = withPrompts(ImageEdit.of(image)).inside(circle).withFeather(2).run(model);
		assertFalse(inside.found().isPresent());
		assertArrayEquals(round.values(), inside.mask().values());
		for (final ImageEdit.Result<ImagePlus> result : Arrays.asList(within, inside)) {
			for (int i = 0; i < W * H; i++) if (round.values()[i] == 0) assertEquals(pixels()[i], result.image().getProcessor().get(i));
			assertFalse(Arrays.equals(pixels(), (short[]) result.image().getProcessor().getPixels()));
		}
		assertThrows(DiffEditException.class, () -> withPrompts(ImageEdit.of(image)).inside(Mask.filled(3, 5, 1)).run(model));
	}

	@Test
	void aMaskThatWasFoundCanGrow() {
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels(), null));
		final ImageEdit<ImagePlus> refined = withPrompts(ImageEdit.of(image)).withThresholdRatio(1.3);
		final MaskRequest inBlocks = refined.maskRequest().withMaskRefinement(MaskRefinement.NONE);
		final ImageEdit<ImagePlus> edit = refined.with(inBlocks, refined.invertRequest(), refined.editRequest());
		final ImageEdit.Result<ImagePlus> plain = edit.run(model), grown = edit.withShape(MaskShape.PLAIN.withGrow(3)).run(model);
		assertArrayEquals(Masks.grown(plain.mask(), 3).values(), grown.mask().values());
		assertTrue(grown.mask().area() > plain.mask().area());
		for (int i = 0; i < W * H; i++) if (grown.mask().values()[i] == 0) assertEquals(pixels()[i], grown.image().getProcessor().get(i));
	}

	@Test
	void smallerStrengthsAndOtherWordsAreHeard() {
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels(), null));
		final ImageEdit<ImagePlus> edit = withPrompts(ImageEdit.of(image)).inside(Mask.filled(W, H, 1));
		final short[] plain = run(edit);
		assertArrayEquals(plain, run(edit));
		assertFalse(Arrays.equals(plain, run(edit.withStrength(0.3))));
		assertFalse(Arrays.equals(plain, run(edit.without("noise"))));
		assertFalse(Arrays.equals(plain, run(edit.withGuidance(2))));
		assertFalse(Arrays.equals(plain, run(edit.withSeed(8))));
		assertTrue(assertThrows(DiffEditException.class, () -> run(edit.to(""))).getMessage().contains("is empty"));
	}

	@Test
	void editsThatAreComparedShareMasksAndInversions() {
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels(), null));
		final ImageEdit<ImagePlus> edit = withPrompts(ImageEdit.of(image)).withThresholdRatio(1.3);
		final List<ImageEdit<ImagePlus>> edits = List.of(edit.withStrength(0.5), edit.withStrength(1), edit.to("red rings").withStrength(0.5), edit.withSeed(8).withStrength(0.5));
		final Map<String, Integer> begun = new HashMap<>();
		final List<ImageEdit.Result<ImagePlus>> results = EditSweep.run(edits, model.diffEdit(), step -> {
			if (step.index() == 0) begun.merge(step.stage(), 1, Integer::sum);
		});
		assertEquals(Map.of("Mask", 3, "Inversion", 2, "Edit", 4), begun);
		for (int i = 0; i < edits.size(); i++) assertArrayEquals(run(edits.get(i)), (short[]) results.get(i).image().getProcessor().getPixels(), "edit " + i);
		final ImageEdit<ImagePlus> other = withPrompts(ImageEdit.of(image));
		assertThrows(DiffEditException.class, () -> EditSweep.run(List.of(edit, other), model.diffEdit(), StepListener.NONE));
	}

	/** An edit alone computes only the tiles of its mask, so that its inversion serves no edit with another one. */
	@Test
	void editsThatAreComparedInTilesHaveTheBitsThatTheyHaveAlone() {
		final short[] wide = new short[160 * 32];
		for (int i = 0; i < wide.length; i++) wide[i] = (short) (500 + 97 * (i % 160) + i % 13);
		final ImagePlus image = new ImagePlus("", new ShortProcessor(160, 32, wide, null));
		final ImageEdit<ImagePlus> edit = withPrompts(ImageEdit.of(image)).withStrength(0.5), right = edit.inside(new Roi(130, 4, 20, 20));
		final List<ImageEdit<ImagePlus>> edits = List.of(edit.inside(new Roi(4, 4, 20, 20)), right, right.withStrength(1));
		final Map<String, Integer> begun = new HashMap<>();
		try (ModelLease tiled = context.service(DiffusionModelService.class).borrow("demo")) {
			tiled.setTiles(Tiles.of(32, 16));
			final List<ImageEdit.Result<ImagePlus>> results = EditSweep.run(edits, tiled.diffEdit(), step -> {
				if (step.index() == 0) begun.merge(step.stage(), 1, Integer::sum);
			});
			for (int i = 0; i < edits.size(); i++) {
				assertArrayEquals((short[]) edits.get(i).run(tiled).image().getProcessor().getPixels(), (short[]) results.get(i).image().getProcessor().getPixels(), "edit " + i);
			}
		}
		assertEquals(Map.of("Inversion", 2, "Edit", 3), begun);
	}

	@Test
	void regionsAreEditedTogetherAndCheckedEach() {
		final ImagePlus image = new ImagePlus("", new ShortProcessor(W, H, pixels(), null));
		final List<EditRegion> regions = List.of(EditRegion.of(columns(0, 8), "cyan nuclei"), EditRegion.of(columns(16, 24), "red rings"));
		final ImageEdit.Result<ImagePlus> both = withPrompts(ImageEdit.of(image)).inside(regions).withCheck(true).run(model);
		assertArrayEquals(EditRegion.together(regions).values(), both.mask().values());
		assertEquals(2, both.check().orElseThrow().ratios().size());
		for (int i = 0; i < W * H; i++) if (both.mask().values()[i] == 0) assertEquals(pixels()[i], both.image().getProcessor().get(i));
		final ImageEdit.Result<ImagePlus> within = withPrompts(ImageEdit.of(image)).inside(regions).within(new Roi(8, 0, 16, H)).run(model);
		for (int i = 0; i < W * H; i++) if (i % W < 16) assertEquals(pixels()[i], within.image().getProcessor().get(i), "the first region lies outside of the rectangle");
	}

	private static Mask columns(final int from, final int to) {
		final float[] values = new float[W * H];
		for (int i = 0; i < values.length; i++) values[i] = i % W >= from && i % W < to ? 1 : 0;
		return new Mask(W, H, values);
	}

	private static short[] run(final ImageEdit<ImagePlus> edit) {
		return (short[]) edit.run(model).image().getProcessor().getPixels();
	}

	private static <I> ImageEdit<I> withPrompts(final ImageEdit<I> edit) {
		return edit.from("green nuclei").to("cyan nuclei").withMaps(2).withSteps(4).withSeed(7);
	}

	private static short[] pixels() {
		final short[] pixels = new short[W * H];
		for (int i = 0; i < pixels.length; i++) {
			pixels[i] = (short) (500 + 20000 * Math.exp(-(Math.pow(i % W - 12, 2) + Math.pow(i / W - 10, 2)) / 30) + i % 13);
		}
		return pixels;
	}

	private static short[] two(final short[] plane) {
		final short[] both = new short[2 * plane.length];
		System.arraycopy(plane, 0, both, plane.length, plane.length);
		return both;
	}
}
