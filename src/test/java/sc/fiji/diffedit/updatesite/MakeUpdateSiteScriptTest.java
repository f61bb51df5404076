package sc.fiji.diffedit.updatesite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/make-update-site} with a Maven that cannot work without network: only what is wrong in the end is told. */
@DisabledOnOs(OS.WINDOWS)
class MakeUpdateSiteScriptTest {

	private static final String OFFLINE_FAILS = "case \"$*\" in *' -o '*) echo '[ERROR] not without network'; exit 1;; esac\n";

	@TempDir
	private Path project;

	@BeforeEach
	void copy() throws IOException {
		Files.createDirectories(project.resolve("src"));
		Files.createDirectories(project.resolve("target"));
		Files.createFile(project.resolve("pom.xml"));
		for (final String script : new String[] { "scripts/make-update-site", "scripts/lib/classpath.sh" }) {
			Files.createDirectories(project.resolve(script).getParent());
			Files.copy(Path.of(script), project.resolve(script));
		}
		Files.createFile(project.resolve("target/classpath.txt"));
		program("java", "echo \"$@\"\n");
	}

	private void program(final String name, final String text) throws IOException {
		final Path bin = Files.createDirectories(project.resolve("bin"));
		assertTrue(Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text).toFile().setExecutable(true));
	}

	/** Exit status and everything that was printed. */
	private Map.Entry<Integer, String> run() throws IOException, InterruptedException {
		final Path log = project.resolve("log.txt");
		final ProcessBuilder builder = new ProcessBuilder("bash", project.resolve("scripts/make-update-site").toString(), "site");
		builder.environment().put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
		builder.environment().remove("JAVA_HOME");
		final Process script = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
		assertTrue(script.waitFor(1, TimeUnit.MINUTES));
		return Map.entry(script.exitValue(), Files.readString(log));
	}

	@Test
	void aFirstTryThatFailsIsNoError() throws Exception {
		program("mvn", OFFLINE_FAILS + "touch '" + project.resolve("target/diffedit-1.2.jar") + "'\n");
		final Map.Entry<Integer, String> end = run();
		assertEquals(0, end.getKey(), end.getValue());
		assertTrue(end.getValue().endsWith(project.resolve("target/diffedit-1.2.jar") + " 1.2 site\n"), end.getValue());
		assertTrue(!end.getValue().contains("ERROR"), end.getValue());
	}

	@Test
	void anErrorIsTold() throws Exception {
		program("mvn", OFFLINE_FAILS + "echo '[ERROR] nor with it'; exit 1\n");
		final Map.Entry<Integer, String> end = run();
		assertEquals(1, end.getKey(), end.getValue());
		assertTrue(end.getValue().contains("[ERROR] nor with it"), end.getValue());
	}
}
