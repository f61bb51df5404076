package sc.fiji.diffedit.fiji.batch;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;

/** Any bytes as a table of settings, a record beside an output, or a pattern of names. */
class FuzzedTablesTest {

	@FuzzTest
	void csv(final byte[] bytes) {
		Fuzzed.read(() -> SettingsTable.read(new ByteArrayInputStream(bytes), "table.csv"));
	}

	@FuzzTest
	void tsv(final byte[] bytes) {
		Fuzzed.read(() -> SettingsTable.read(new ByteArrayInputStream(bytes), "table.tsv"));
	}

	@FuzzTest
	void outputRecord(final byte[] bytes) {
		Fuzzed.read(() -> OutputRecord.parse(new String(bytes, StandardCharsets.UTF_8)));
	}

	@FuzzTest
	void names(final byte[] bytes) {
		final String text = new String(bytes, StandardCharsets.UTF_8);
		Fuzzed.read(() -> {
			final Path name = Path.of(OutputNames.of("{image}-" + text, Map.of("image", text), ".tif"));
			if (name.isAbsolute() || Path.of("/folder").resolve(name).normalize().getNameCount() < 2) throw new AssertionError(name + " leads out");
		});
	}
}
