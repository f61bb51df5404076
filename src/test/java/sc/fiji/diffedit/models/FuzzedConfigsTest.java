package sc.fiji.diffedit.models;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.BeforeAll;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.tensor.Torch;

/** Any text as the config of a network or a scheduler. */
class FuzzedConfigsTest {

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	private static Config config(final byte[] bytes) {
		return new Config("config.json", JsonText.object("config.json", new String(bytes, StandardCharsets.UTF_8)));
	}

	@FuzzTest
	void unet(final byte[] bytes) {
		Fuzzed.read(() -> UNet2DConditionConfig.of(config(bytes)));
	}

	@FuzzTest
	void autoencoder(final byte[] bytes) {
		Fuzzed.read(() -> AutoencoderKLConfig.of(config(bytes)));
	}

	@FuzzTest
	void tinyAutoencoder(final byte[] bytes) {
		Fuzzed.read(() -> AutoencoderTinyConfig.of(config(bytes)));
	}

	@FuzzTest
	void textEncoder(final byte[] bytes) {
		Fuzzed.read(() -> CLIPTextConfig.of(config(bytes)));
	}

	@FuzzTest
	void scheduler(final byte[] bytes) {
		Fuzzed.read(() -> Scheduler.of(config(bytes)).run(10));
	}
}
