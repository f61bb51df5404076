package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImagePipeline;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.LatentsFile;
import sc.fiji.diffedit.weights.ModelOptions;

/** Parts from different folders, parts exchanged on a loaded model, and pictures on the way. */
@ExtendWith(NoNativeLeaks.class)
class ExchangedPartsTest {

	private static final TextToImageRequest ASK = TextToImageRequest.of("green nuclei").withWidth(32).withHeight(24).withNumInferenceSteps(3);
	private static final Path SD1 = GoldenCase.model("sd1"), TAESD = GoldenCase.model("taesd");

	private final ModelStore store = new ModelStore();

	@TempDir
	Path folder;

	@AfterEach
	void close() {
		store.close();
	}

	private static Autoencoder innermost(final Autoencoder vae) {
		return vae instanceof WrappedAutoencoder wrapped ? innermost(wrapped.inner()) : vae;
	}

	@Test
	void aSchedulerIsExchangedForOneBorrower() {
		try (ModelLease lease = store.borrow("demo"); ModelLease other = store.borrow("demo")) {
			final float[] plain = made(lease);
			lease.setParts(parts -> parts.withScheduler("UniPCMultistepScheduler"));
			assertFalse(Arrays.equals(plain, made(lease)));
			assertArrayEquals(plain, made(other));
			final float[] byHand = other.call(parts -> new TextToImagePipeline(parts.withScheduler("UniPCMultistepScheduler")).generate(ASK, StepListener.NONE).image().values());
			assertArrayEquals(byHand, made(lease));
			lease.setParts(UnaryOperator.identity());
			assertArrayEquals(plain, made(lease));
		}
	}

	@Test
	void partsComeFromDifferentFolders() {
		final Path sdxl = GoldenCase.model("sdxl");
		final ModelOptions parts = ModelOptions.DEFAULTS.withPart("vae", SD1.resolve("vae")).withPart("scheduler", sdxl.resolve("scheduler"))
			.withPart("text_encoder", SD1.resolve("text_encoder")).withPart("tokenizer", SD1.resolve("tokenizer")).withPart("unet", SD1.resolve("unet"));
		try (ModelLease whole = store.borrow(SD1.toString());
			ModelLease pieces = store.borrow(LoadOptions.of(GoldenCase.model("sd1-inpaint").toString()).withFiles(parts)))
		{
			whole.setParts(model -> model.withScheduler(Config.read(sdxl.resolve("scheduler/scheduler_config.json"))));
			assertArrayEquals(made(whole), made(pieces));
		}
	}

	@Test
	void aPartOfAnotherLoadedModelIsUsedWithoutACopy() {
		try (ModelLease lease = store.borrow(SD1.toString());
			ModelLease tiny = store.borrow(LoadOptions.of(SD1.toString()).withFiles(ModelOptions.DEFAULTS.withPart("vae", TAESD))))
		{
			final float[] expected = made(tiny);
			assertEquals(AutoencoderTiny.class, tiny.<Object>call(parts -> innermost(parts.vae()).getClass()));
			assertFalse(Arrays.equals(expected, made(lease)));
			final long live = Scope.liveValues();
			lease.setParts(parts -> parts.withVae(tiny.call(others -> others.vae())));
			assertArrayEquals(expected, made(lease));
			assertEquals(live, Scope.liveValues());
		}
	}

	@Test
	void theImageIsSeenOnTheWay() {
		try (ModelLease lease = store.borrow("demo")) {
			final float[] unseen = made(lease);
			final List<Picture> seen = new ArrayList<>();
			final Picture last = lease.textToImage(ASK.withNumInferenceSteps(5), StepListener.every(2, lease.preview(16, seen::add))).image();
			assertEquals(3, seen.size());
			assertEquals(16, seen.get(2).width());
			assertEquals(12, seen.get(2).height());
			assertTrue(distance(small(last), seen.get(2)) < distance(small(last), seen.get(0)), "it comes nearer to the image");
			assertArrayEquals(unseen, made(lease), "looking changes nothing");
		}
	}

	@Test
	void aTinyAutoencoderShowsTheImageOnTheWay() {
		try (ModelLease lease = store.borrow(LoadOptions.of(SD1.toString()).withFiles(ModelOptions.DEFAULTS.withPart("vae", TAESD)))) {
			final List<Picture> seen = new ArrayList<>();
			final Picture last = lease.textToImage(ASK, lease.preview(1000, seen::add)).image();
			assertEquals(4, seen.size(), "PNDM takes one step more");
			assertArrayEquals(last.values(), seen.get(3).values(), 1e-5f);
		}
	}

	@Test
	void latentsAreKeptInFiles() {
		final Latents latents = new Latents(2, 4, 3, 5, new float[120]);
		latents.values()[7] = 0.25f;
		LatentsFile.write(folder.resolve("latents.safetensors"), latents);
		final Latents read = LatentsFile.read(folder.resolve("latents.safetensors"));
		assertEquals(List.of(2, 4, 3, 5), List.of(read.count(), read.channels(), read.height(), read.width()));
		assertArrayEquals(latents.values(), read.values());
	}

	private static float[] made(final ModelLease lease) {
		return lease.textToImage(ASK, StepListener.NONE).image().values();
	}

	private static Picture small(final Picture picture) {
		final float[] values = new float[3 * 12 * 16];
		for (int i = 0; i < values.length; i++) {
			final int x = i % 16 * 2, y = i / 16 % 12 * 2, c = i / 192;
			values[i] = (picture.get(c, x, y) + picture.get(c, x + 1, y) + picture.get(c, x, y + 1) + picture.get(c, x + 1, y + 1)) / 4;
		}
		return new Picture(16, 12, 3, values);
	}

	private static double distance(final Picture one, final Picture other) {
		double sum = 0;
		for (int i = 0; i < one.values().length; i++) sum += Math.pow(one.values()[i] - other.values()[i], 2);
		return Math.sqrt(sum);
	}
}
