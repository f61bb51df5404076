package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Picture;

/** Heat maps of cross-attention. */
@Numeric
class WordAttentionTest {

	private static final ModelStore STORE = new ModelStore();
	private static final MaskRequest REQUEST = MaskRequest.between("green nuclei", "cyan nuclei").withMaskSource(MaskSource.CROSS_ATTENTION).withNumMapsPerMask(2).withNumInferenceSteps(8);
	private static final Picture PICTURE = random(1), OTHER = random(2);

	private static ModelLease lease;
	private static DiffEdit diffEdit;

	@BeforeAll
	static void borrow() {
		lease = STORE.borrow("demo");
		diffEdit = lease.diffEdit();
	}

	@AfterAll
	static void giveBack() {
		lease.close();
		STORE.close();
	}

	private static Picture random(final long seed) {
		final Random random = new Random(seed);
		final float[] values = new float[3 * 40 * 36];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(40, 36, 3, values);
	}

	// -- which words --

	private static void assertChanged(final String source, final String target, final long[] from, final long[] to) {
		final ChangedWords changed = ChangedWords.between(List.of(from), List.of(to));
		assertEquals(source, text(changed.source()));
		assertEquals(target, text(changed.target()));
	}

	private static String text(final float[] words) {
		final StringBuilder text = new StringBuilder();
		for (final float word : words) text.append((int) word);
		return text.toString();
	}

	@Test
	void wordsOutsideOfTheLongestCommonSentenceAreChanged() {
		assertChanged("001000", "001000", new long[] { -1, 5, 6, 7, -1, -1 }, new long[] { -1, 5, 8, 7, -1, -1 });
		assertChanged("000000", "001100", new long[] { -1, 5, 7, -1, -1, -1 }, new long[] { -1, 5, 8, 9, 7, -1 });
		assertChanged("001000", "000000", new long[] { -1, 5, 6, 7, -1, -1 }, new long[] { -1, 5, 7, -1, -1, -1 });
		assertChanged("0110", "0110", new long[] { -1, 5, 6, -1 }, new long[] { -1, 7, 8, -1 });
		assertChanged("0000", "0000", new long[] { -1, 5, 6, -1 }, new long[] { -1, 5, 6, -1 });
		assertChanged("0000", "0100", new long[] { -1, -1, -1, -1 }, new long[] { -1, 5, -1, -1 });
	}

	@Test
	void aWordThatOneOfTwoEncodersReadsAnewIsChanged() {
		final ChangedWords changed = ChangedWords.between(List.of(new long[] { -1, 5, 6, -1 }, new long[] { -1, 5, 6, -1 }), List.of(new long[] { -1, 5, 6, -1 }, new long[] { -1, 9, 6, -1 }));
		assertEquals("0100", text(changed.source()));
		assertEquals("0100", text(changed.target()));
	}

	@Test
	void wordsStandWhereTheNetworkSeesThem() {
		final List<long[]> words = lease.call(model -> model.promptEncoder().words("two green nuclei", ""));
		assertEquals(1, words.size());
		assertEquals(lease.<Long> call(model -> model.promptEncoder().encode(List.of(""), 0).encoderHiddenStates().size(1)), words.get(0).length);
		assertEquals(-1, words.get(0)[0]);
		assertTrue(words.get(0)[1] >= 0 && words.get(0)[words.get(0).length - 1] == -1);
	}

	// -- heat maps --

	/** The demo model knows where stars are; it looks for colours elsewhere. */
	@Test
	void theMapIsWhereTheWordsAre() {
		final Sample sample = Samples.bundled().list().stream().filter(one -> one.name().equals("07")).findFirst().orElseThrow();
		final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withNumMapsPerMask(2);
		for (final MaskSource source : List.of(MaskSource.CROSS_ATTENTION, MaskSource.DIFFERENCES_AND_CROSS_ATTENTION)) {
			final MaskResult found = diffEdit.generateMask(ImageInput.of(sample.picture()), request.withMaskSource(source));
			final double precision = MaskFigures.of(found.mask(), found.refinedMap(), sample.truth()).averagePrecision();
			assertTrue(precision > 0.8, source + ": " + precision);
		}
	}

	/** A second time predictions are known, and attention is not. */
	@ParameterizedTest
	@EnumSource(value = MaskSource.class, names = { "CROSS_ATTENTION", "DIFFERENCES_AND_CROSS_ATTENTION" })
	void eachImageHasItsOwnMapAtAnyTime(final MaskSource source) {
		final MaskRequest request = REQUEST.withMaskSource(source);
		final float[] alone = diffEdit.generateMask(ImageInput.of(OTHER), request.withSeeds(List.of(6L))).map().values();
		final MaskResult both = diffEdit.generateMask(ImageInput.of(PICTURE, OTHER), request.withSeeds(List.of(5L, 6L)));
		Rounding.assertClose(alone, both.maps().get(1).values(), 1e-3);
		assertArrayEquals(alone, diffEdit.generateMask(ImageInput.of(OTHER), request.withSeeds(List.of(6L))).map().values());
		for (final float value : alone) assertTrue(value >= 0);
		assertTrue(both.map().mean() > 0);
	}

	@Test
	void negativesAndAddedWordsAreNoHindrance() {
		final MaskRequest added = REQUEST.withTarget(List.of(Prompt.of("green nuclei and red rings"))).withTargetNegative(List.of(Prompt.of("white spots")));
		assertTrue(diffEdit.generateMask(ImageInput.of(PICTURE), added).map().mean() > 0);
	}

	@Test
	void bothEncodersOfSDXLAreRead() {
		try (ModelLease xl = STORE.borrow(GoldenCase.model("sdxl").toString())) {
			final MaskRequest request = REQUEST.withSource(List.of(Prompt.of("a red square"))).withTarget(List.of(new Prompt.Text("a red square", "a blue square")));
			assertEquals(2, xl.<Integer> call(model -> model.promptEncoder().words("a red square", "a blue square").size()));
			assertTrue(xl.diffEdit().generateMask(ImageInput.of(PICTURE), request).map().mean() > 0);
		}
	}

	@Test
	void equalPromptsHaveNoMap() {
		final MaskResult found = diffEdit.generateMask(ImageInput.of(PICTURE), REQUEST.withTarget(REQUEST.source()));
		assertEquals(0, found.map().mean());
		assertTrue(found.mask().isEmpty());
		assertEquals(List.of("Source and target prompt have the same words, so there is nothing to edit; the mask is empty."), found.notices());
	}

	@Test
	void embeddingsAndTilesAreRefused() {
		final int width = lease.call(model -> model.unet().config().crossAttentionDim().get(0));
		final MaskRequest embedded = REQUEST.withSource(List.of(new Prompt.Embedding(77, width, new float[77 * width], new float[0])));
		final String words = assertThrows(DiffEditException.class, () -> diffEdit.generateMask(ImageInput.of(PICTURE), embedded)).getMessage();
		assertTrue(words.contains("give both as text"), words);
		lease.setTiles(Tiles.of(32, 8));
		try {
			final String tiles = assertThrows(DiffEditException.class, () -> diffEdit.generateMask(ImageInput.of(PICTURE), REQUEST)).getMessage();
			assertTrue(tiles.contains("4 tiles"), tiles);
		}
		finally {
			lease.setTiles(Tiles.OFF);
		}
	}
}
