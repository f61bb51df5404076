package sc.fiji.diffedit.service;

import java.nio.file.Path;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;

/** Any bytes as the file of a preset. */
class FuzzedPresetsTest {

	@FuzzTest
	void preset(final byte[] bytes) {
		final Path file = Fuzzed.file("mine.json", bytes);
		Fuzzed.read(() -> RequestPresets.named(file.toString()));
	}
}
