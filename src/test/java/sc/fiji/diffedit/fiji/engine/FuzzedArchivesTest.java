package sc.fiji.diffedit.fiji.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;
import sc.fiji.diffedit.engine.EngineBuild;

/** Any bytes as an archive of native libraries, any text as its address. */
class FuzzedArchivesTest {

	@FuzzTest
	void archive(final byte[] bytes) {
		final Path file = Fuzzed.file("engine.zip", bytes);
		Fuzzed.read(() -> {
			try (EngineArchive archive = new EngineArchive(file)) {
				archive.build();
				archive.libraries();
			}
		});
	}

	@FuzzTest
	void address(final byte[] bytes) {
		Fuzzed.read(() -> EngineSource.of(new String(bytes, StandardCharsets.UTF_8), EngineBuild.cpu()));
	}
}
