package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/** Configs that lie about the weights beside them are read or refused in one sentence, within bounds of time and memory. */
@Timeout(900)
class HostileConfigsTest {

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	/** What a config is read for. */
	@FunctionalInterface
	private interface Reader {

		void read(Config config) throws Exception;
	}

	private static void survives(final String model, final String part, final int times, final Reader reader) {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model(model))) {
			final Config sound = folder.config(part);
			final Hostile hostile = new Hostile(21);
			int read = 0;
			for (int i = 0; i < times; i++) {
				final Config config = new Config(sound.source(), hostile.json(sound.json()));
				if (Hostile.survives(part + " " + i + " " + config.json(), () -> reader.read(config))) read++;
			}
			assertTrue(read > 0 && read < times, read + " of " + part + " read");
		}
	}

	@Test
	void numbersOfNetworks() {
		survives("sd1", "unet", 2000, UNet2DConditionConfig::of);
		survives("sdxl", "unet", 2000, UNet2DConditionConfig::of);
		survives("sd1", "vae", 2000, AutoencoderKLConfig::of);
		survives("taesd", ModelFolder.WHOLE, 2000, AutoencoderTinyConfig::of);
		survives("sd1", "text_encoder", 2000, CLIPTextConfig::of);
	}

	@Test
	void networks() {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model("sd1"))) {
			final Weights unet = folder.weights("unet"), vae = folder.weights("vae"), text = folder.weights("text_encoder");
			survives("sd1", "unet", 60, config -> new UNet2DConditionModel(UNet2DConditionConfig.of(config), unet, DType.FLOAT32).close());
			survives("sd1", "vae", 60, config -> new AutoencoderKL(AutoencoderKLConfig.of(config), vae, DType.FLOAT32).close());
			survives("sd1", "text_encoder", 60, config -> new CLIPTextModel(CLIPTextConfig.of(config), text, DType.FLOAT32).close());
		}
	}

	@Test
	void schedulers() {
		for (final String model : List.of("sd1", "sd2", "sdxl")) survives(model, "scheduler", 300, config -> Scheduler.of(config).run(10));
	}
}
