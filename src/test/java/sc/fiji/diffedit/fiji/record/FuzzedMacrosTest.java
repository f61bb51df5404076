package sc.fiji.diffedit.fiji.record;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;

/** Any text as the options of a macro's line. */
class FuzzedMacrosTest {

	@FuzzTest
	void options(final byte[] bytes) {
		Fuzzed.read(() -> MacroOptions.parse(new String(bytes, StandardCharsets.UTF_8)));
	}
}
