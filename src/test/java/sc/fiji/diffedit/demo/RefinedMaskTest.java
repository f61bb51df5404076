package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Guide;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;
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
