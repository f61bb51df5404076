package sc.fiji.diffedit.memory;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;

/** Any text as a memory plan. */
class FuzzedPlanTest {

	@FuzzTest
	void plan(final byte[] bytes) {
		Fuzzed.read(() -> MemoryPlanText.parse(new String(bytes, StandardCharsets.UTF_8)).toString());
	}
}
