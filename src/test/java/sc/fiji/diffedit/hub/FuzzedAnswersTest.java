package sc.fiji.diffedit.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.Fuzzed;
import sc.fiji.diffedit.config.JsonText;

/** Any text as a server's listing of a repository. */
class FuzzedAnswersTest {

	private static final URI SERVER = URI.create("https://hub.example");

	@FuzzTest
	void listing(final byte[] bytes) {
		Fuzzed.read(() -> {
			final JsonObject answer = JsonText.object("the answer", new String(bytes, StandardCharsets.UTF_8));
			for (final RemoteFile file : new RepositoryListing(SERVER, "some/model", answer).plan("main", "").files()) {
				assertTrue(Path.of("/folder").resolve(file.name()).normalize().startsWith("/folder"), file + " leads out");
			}
		});
	}
}
