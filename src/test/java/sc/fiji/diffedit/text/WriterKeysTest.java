package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.models.T5Config;

/** Every setting of BLIP, T5 and of processors of images is read, known to change nothing, or told. */
class WriterKeysTest {

	@ParameterizedTest
	@CsvSource({ "blip/config.json", "t5/config.json", "blip/preprocessor_config.json", "safety/feature_extractor/preprocessor_config.json" })
	void othersThanThoseThatTheProgramsWriteAreTold(final String file) {
		final Config config = Config.read(GoldenCase.model(file));
		final Consumer<Config> reader = file.startsWith("t5") ? T5Config::of : file.equals("blip/config.json") ? BlipConfig::of : CLIPImageProcessor::of;
		final KnownNames harmless = file.contains("preprocessor") ? KnownNames.IMAGE_PROCESSOR_KEYS : Resources.WRITER_KEYS;
		reader.accept(config);
		assertEquals(List.of(), harmless.unknown(config.unread()));
		config.json().addProperty("wobble", 3);
		assertEquals(List.of("wobble"), harmless.unknown(config.unread()));
	}
}
