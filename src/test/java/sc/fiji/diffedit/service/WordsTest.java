package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.PromptOptions;
import sc.fiji.diffedit.text.SuggestionRequest;

/** Captions, suggested prompts and encoded prompts, by the service's doors. */
@ExtendWith(NoNativeLeaks.class)
class WordsTest {

	private static final LoadOptions BLIP = LoadOptions.of(GoldenCase.model("blip").toString()).withDevice("cpu");
	private static final LoadOptions T5 = LoadOptions.of(GoldenCase.model("t5").toString()).withDevice("cpu");

	private final ModelStore store = new ModelStore();
	private final long before = Scope.liveValues();

	@TempDir
	Path folder;

	@AfterEach
	void close() {
		store.close();
	}

	@Test
	void aPictureIsDescribed() {
		final GoldenCase golden = new GoldenCase("H_blip");
		final CaptionRequest request = CaptionRequest.DEFAULTS.withBeginning("a photograph of").withMaxNewTokens(9);
		final String expected = golden.json().getAsJsonArray("captions").get(1).getAsString();
		assertEquals(expected, store.caption(BLIP, golden.picture("image_0.png"), request, made -> {}));
		assertThrows(DiffEditException.class, () -> store.caption(T5, golden.picture("image_0.png"), request, made -> {}));
		assertThrows(DiffEditException.class, () -> store.caption(LoadOptions.of("/no/such/folder"), golden.picture("image_0.png"), request, made -> {}));
	}

	@Test
	void whatWritesWordsStaysInMemory() {
		final GoldenCase golden = new GoldenCase("H_blip");
		final CaptionRequest request = CaptionRequest.DEFAULTS.withMaxNewTokens(3);
		final String caption = store.caption(BLIP, golden.picture("image_0.png"), request, made -> {});
		final long live = Scope.liveValues();
		assertTrue(live > before);
		assertEquals(caption, store.caption(BLIP, golden.picture("image_0.png"), request, made -> {}));
		assertEquals(live, Scope.liveValues());
		store.suggest(T5, SuggestionRequest.captionsOf("bowl").withCount(1).withMaxNewTokens(2), made -> {});
		assertEquals(List.of(BLIP, T5), store.loaded());
		store.unload(T5.model());
		assertEquals(live, Scope.liveValues());
		store.unload(BLIP.model());
		assertEquals(before, Scope.liveValues());
	}

	@Test
	void promptsAreSuggested() {
		final SuggestionRequest request = SuggestionRequest.captionsOf("bowl").withCount(3).withMaxNewTokens(4);
		assertEquals(3, store.suggest(T5, request, made -> {}).size());
		assertThrows(CancelledException.class, () -> store.suggest(T5, request, made -> {
			throw new CancelledException();
		}));
		assertEquals(store.suggest(T5, request, made -> {}), store.suggest(T5, request, made -> {}));
	}

	@Test
	void encodedPromptsAreAsGoodAsWords() {
		try (ModelLease lease = store.borrow("demo")) {
			final InvertRequest words = InvertRequest.of("green nuclei").withNumInferenceSteps(3);
			final Prompt encoded = lease.prompts().encode(List.of("green nuclei"), 0).get(0);
			final float[] expected = lease.diffEdit().invert(grey(), words).trajectories().get(0).values();
			assertArrayEquals(expected, lease.diffEdit().invert(grey(), words.withPrompt(List.of(encoded))).trajectories().get(0).values());
		}
	}

	@Test
	void encodedPromptsAreKeptInFiles() {
		final Path file = folder.resolve("nuclei.safetensors");
		try (ModelLease lease = store.borrow("demo"); ModelLease other = store.borrow(GoldenCase.model("sd2").toString())) {
			final List<Prompt> prompts = lease.prompts().encode(List.of("green nuclei", "cyan nuclei"), 0);
			lease.prompts().write(file, prompts);
			assertEquals(prompts, lease.prompts().read(file));
			assertTrue(assertThrows(DiffEditException.class, () -> other.prompts().read(file)).getMessage().contains("another kind"));
			assertThrows(DiffEditException.class, () -> lease.prompts().write(file, List.of()));
			assertThrows(DiffEditException.class, () -> lease.prompts().write(file, List.of(Prompt.of("words"))));
		}
	}

	@Test
	void longAndWeightedPromptsReachTheUNet() {
		final String text = "green nuclei ".repeat(60) + "(cyan:1.5)";
		try (ModelLease lease = store.borrow("demo")) {
			final InvertRequest request = InvertRequest.of(text).withNumInferenceSteps(3).withGuidanceScale(3);
			final float[] cut = lease.diffEdit().invert(grey(), request).trajectories().get(0).values();
			lease.setPromptOptions(PromptOptions.DEFAULTS.withLongPrompts(true));
			final float[] whole = lease.diffEdit().invert(grey(), request).trajectories().get(0).values();
			assertFalse(java.util.Arrays.equals(cut, whole));
			lease.setPromptOptions(PromptOptions.DEFAULTS.withLongPrompts(true).withWeighted(true));
			assertFalse(java.util.Arrays.equals(whole, lease.diffEdit().invert(grey(), request).trajectories().get(0).values()));
			final MaskRequest mask = MaskRequest.between("green nuclei", text).withNumMapsPerMask(1).withNumInferenceSteps(4);
			assertEquals(8, lease.diffEdit().generateMask(grey(), mask).map().height());
			lease.setPromptOptions(PromptOptions.DEFAULTS);
			assertArrayEquals(cut, lease.diffEdit().invert(grey(), request).trajectories().get(0).values());
		}
	}

	@Test
	void embeddingsAndLongerWordsDoNotMix() {
		try (ModelLease lease = store.borrow("demo")) {
			final List<Prompt> kept = lease.prompts().encode(List.of("green nuclei"), 0);
			lease.setPromptOptions(PromptOptions.DEFAULTS.withLongPrompts(true));
			final InvertRequest request = InvertRequest.of("green nuclei ".repeat(60)).withNegative(kept).withNumInferenceSteps(3).withGuidanceScale(3);
			assertTrue(assertThrows(DiffEditException.class, () -> lease.diffEdit().invert(grey(), request)).getMessage().contains("77"));
		}
	}

	@Test
	void theMeanLiesBetween() {
		try (ModelLease lease = store.borrow("demo")) {
			final List<String> texts = List.of("green nuclei", "cyan nuclei");
			final List<Prompt> prompts = lease.prompts().encode(texts, 0);
			final float[] one = ((Prompt.Embedding) prompts.get(0)).values();
			final float[] two = ((Prompt.Embedding) prompts.get(1)).values();
			final float[] mean = ((Prompt.Embedding) lease.prompts().mean(texts, 0)).values();
			for (int i = 0; i < mean.length; i++) assertEquals((one[i] + two[i]) / 2, mean[i], 1e-6);
			assertFalse(java.util.Arrays.equals(one, mean));
		}
	}

	private static ImageInput grey() {
		final float[] values = new float[3 * 32 * 32];
		java.util.Arrays.fill(values, 0.4f);
		return ImageInput.of(new Picture(32, 32, 3, values));
	}
}
