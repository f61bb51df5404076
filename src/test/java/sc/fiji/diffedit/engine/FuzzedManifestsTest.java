package sc.fiji.diffedit.engine;

import java.nio.file.Path;

import com.code_intelligence.jazzer.junit.FuzzTest;

import sc.fiji.diffedit.Fuzzed;

/** Any bytes as the record of an installed native library. */
class FuzzedManifestsTest {

	@FuzzTest
	void record(final byte[] bytes) {
		final EngineBuild build = EngineBuild.cpu();
		final Path root = Fuzzed.file("engine/" + build + "/" + InstalledEngines.RECORD, bytes).getParent().getParent();
		Fuzzed.read(() -> {
			final InstalledEngines engines = new InstalledEngines(root);
			engines.list();
			engines.damaged(build);
		});
	}
}
