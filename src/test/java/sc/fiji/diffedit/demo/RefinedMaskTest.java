package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.plugin.filter.EDM;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.fiji.ImageView;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.ViewSettings;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Guide;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.ObjectLabels;
import sc.fiji.diffedit.pipelines.ObjectThreshold;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.SafetensorsFile;

/** Masks that follow outlines against what {@code scripts/mask_numbers.py} computes with diffusers and numpy. */
class RefinedMaskTest {

	private static final MaskRequest REQUEST = MaskRequest.DEFAULTS.withMaskSource(MaskSource.DIFFERENCE_AND_LIKELIHOOD).withMaskRefinement(MaskRefinement.GUIDED_FILTER)
		.withThreshold(new Threshold.Top(0.52));
	private static final List<Sample> SAMPLES = Samples.bundled().list();

	private static SafetensorsFile expected;

	@BeforeAll
	static void open() {
		expected = SafetensorsFile.open(Path.of("src/test/resources/masks/samples.safetensors"));
	}

	@AfterAll
	static void close() {
		expected.close();
	}

	private static float[] numbers(final String name) {
		try (Scope scope = Scope.open()) {
			return expected.get(name).toFloatArray();
		}
	}

	private static DifferenceMap heat(final String sample) {
		final float[] difference = numbers(sample + ".difference"), likelihood = numbers(sample + ".likelihood");
		final float[] heat = new float[difference.length];
		for (int i = 0; i < heat.length; i++) heat[i] = difference[i] + likelihood[i];
		return new DifferenceMap(32, 32, heat);
	}

	private static void assertMask(final String sample, final Mask mask) {
		final ByteBuffer bits;
		try (Scope scope = Scope.open()) {
			bits = expected.get(sample + ".mask").toBytes();
		}
		for (int i = 0; i < mask.values().length; i++) assertEquals(bits.get(i / 8) >> 7 - i % 8 & 1, mask.values()[i], "pixel " + i + " of " + sample);
	}

	private static Sample sample(final String name) {
		return SAMPLES.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
	}

	@Test
	void heatFollowsThePicture() {
		double iou = 0;
		for (final Sample sample : SAMPLES) {
			final MaskResult found = MaskResult.of(List.of(heat(sample.name())), List.of(new Guide(sample.picture(), 4)), REQUEST);
			assertMask(sample.name(), found.mask());
			iou += Overlap.of(found.mask(), sample.truth()).iou() / SAMPLES.size();
			if (sample.name().equals("01") || sample.name().equals("07")) assertArrayEquals(numbers(sample.name() + ".refined"), found.refinedMap().values(), 2e-5f);
		}
		assertEquals(0.881, iou, 0.0005);
	}

	/** The figure of the page on quality: objects are what differs from each channel's median, by ImageJ's Otsu, Watershed and labels. */
	@Test
	void heatChoosesAmongObjectsOfImageJ() {
		double iou = 0;
		for (final Sample sample : SAMPLES) {
			final Picture picture = sample.picture();
			final ImagePlus labels = LabelImages.toImagePlus(segmented(picture), false, new ImagePlus());
			final ObjectLabels objects = LabelImages.objects(labels, labels, new Position(1, 1, 1), new Rectangle(picture.width(), picture.height()));
			final MaskRequest among = REQUEST.withThreshold(new ObjectThreshold(REQUEST.threshold(), objects));
			final MaskResult found = MaskResult.of(List.of(heat(sample.name())), List.of(new Guide(picture, 4)), among);
			iou += Overlap.of(found.mask(), sample.truth()).iou() / SAMPLES.size();
		}
		assertEquals(0.886, iou, 0.0005);
	}

	private static Mask segmented(final Picture picture) {
		final int plane = picture.width() * picture.height();
		final float[] difference = new float[plane];
		for (int c = 0; c < 3; c++) {
			final float[] sorted = Arrays.copyOfRange(picture.values(), c * plane, (c + 1) * plane);
			Arrays.sort(sorted);
			for (int i = 0; i < plane; i++) difference[i] = Math.max(difference[i], Math.abs(picture.values()[c * plane + i] - sorted[plane / 2]));
		}
		final ImageProcessor bytes = new FloatProcessor(picture.width(), picture.height(), difference).convertToByteProcessor();
		bytes.setAutoThreshold("Otsu dark");
		final ImageProcessor inside = bytes.createMask();
		new EDM().toWatershed(inside);
		return Masks.of(new ImagePlus("objects", inside), picture.width(), picture.height());
	}

	/** One recolouring and one change of kind. */
	@ParameterizedTest
	@ValueSource(strings = { "08", "07" })
	void theModelGivesTheSameHeat(final String name) {
		final Sample sample = sample(name);
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(DemoModel.NAME)) {
			final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt());
			final MaskResult found = lease.diffEdit().generateMask(ImageInput.of(sample.picture()),
				request.withMaskSource(REQUEST.maskSource()).withMaskRefinement(REQUEST.maskRefinement()).withThreshold(REQUEST.threshold()));
			assertArrayEquals(heat(name).values(), found.map().values(), 1e-3f);
			assertMask(name, found.mask());
		}
	}

	/** RGB, and the same colours as channels of 16 and 32 bits in another order, of a size that the latents do not divide: the picture that guides is that of the image. */
	@Test
	void thePictureOfAnyBitDepthGuidesAtItsOwnSize() {
		final Sample sample = sample("08");
		final ImagePlus rgb = Pictures.toImagePlus(sample.picture(), "rgb");
		rgb.setRoi(20, 17, 101, 99);
		final ImagePlus part = rgb.crop();
		final ViewSettings shown = new ViewSettings(IntensityRange.DISPLAY, List.of(), List.of(0x0000ff, 0xff0000, 0x00ff00));
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(DemoModel.NAME)) {
			final MaskResult plain = found(ImageView.of(part, ViewSettings.DEFAULT).picture(), sample, lease);
			assertEquals(List.of(101, 99), List.of(plain.mask().width(), plain.mask().height()));
			assertEquals(List.of(101, 99), List.of(plain.guides().get(0).picture().width(), plain.guides().get(0).picture().height()));
			for (final int bits : new int[] { 16, 32 }) {
				final MaskResult same = found(ImageView.of(channels(part, bits), shown).picture(), sample, lease);
				assertArrayEquals(plain.guides().get(0).picture().values(), same.guides().get(0).picture().values(), 1e-6f);
				assertTrue(Overlap.of(same.mask(), plain.mask()).iou() > 0.999, "rounding may move a pixel of the rim");
			}
		}
	}

	private static MaskResult found(final Picture picture, final Sample sample, final ModelLease lease) {
		return lease.diffEdit().generateMask(ImageInput.of(picture), MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withNumMapsPerMask(1));
	}

	/** Blue, red and green as channels, from 0 to the most that is displayed. */
	private static ImagePlus channels(final ImagePlus rgb, final int bits) {
		final double most = bits == 16 ? 51_000 : 2;
		final ImageStack planes = new ImageStack(rgb.getWidth(), rgb.getHeight());
		for (final int channel : new int[] { 2, 0, 1 }) {
			final FloatProcessor plane = ((ColorProcessor) rgb.getProcessor()).toFloat(channel, null);
			plane.multiply(most / 255);
			planes.addSlice(bits == 16 ? plane.convertToShort(false) : plane);
		}
		final ImagePlus stack = new ImagePlus("channels", planes);
		stack.setDimensions(3, 1, 1);
		final CompositeImage image = new CompositeImage(stack, CompositeImage.COMPOSITE);
		for (int c = 1; c <= 3; c++) {
			image.setC(c);
			image.setDisplayRange(0, most);
		}
		image.setC(1);
		return image;
	}
}
