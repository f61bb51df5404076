package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

import ij.ImagePlus;
import ij.plugin.filter.EDM;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Position;
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
		assertEquals(0.906, iou, 0.0005);
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
		assertEquals(0.919, iou, 0.0005);
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
}
