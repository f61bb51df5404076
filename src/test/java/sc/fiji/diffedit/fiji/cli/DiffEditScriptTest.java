package sc.fiji.diffedit.fiji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.batch.Verb;

/** The scripts from a shell, in a project that is built already. */
@DisabledOnOs(OS.WINDOWS)
class DiffEditScriptTest {

	@TempDir
	private Path project;

	/**
	 * What a script said.
	 *
	 * @param code exit code
	 */
	private record Said(int code, String out, String err) {}

	@BeforeEach
	void build() throws Exception {
		Files.createDirectories(project.resolve("src"));
		Files.createDirectories(project.resolve("target"));
		Files.createFile(project.resolve("pom.xml"));
		for (final String script : List.of("diffedit", "inspect", "convert", "check-installation", "install-engine", "examples/command_line.sh", "lib/classpath.sh")) {
			final Path copy = project.resolve("scripts").resolve(script);
			Files.createDirectories(copy.getParent());
			Files.copy(Path.of("scripts").resolve(script), copy);
		}
		final Path classes = Path.of(Verb.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Files.createSymbolicLink(project.resolve("target/classes"), classes);
		final List<String> jars = new ArrayList<>();
		for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) if (entry.endsWith(".jar")) jars.add(entry);
		Files.writeString(project.resolve("target/classpath.txt"), String.join(File.pathSeparator, jars));
		try (InputStream in = Verb.class.getResourceAsStream("/sc/fiji/diffedit/demo/samples/08.png")) {
			Files.copy(in, project.resolve("my cells.png"));
		}
	}

	private Said run(final String... words) throws IOException, InterruptedException {
		final List<String> call = new ArrayList<>(List.of("bash", project.resolve("scripts").resolve(words[0]).toString()));
		call.addAll(List.of(words).subList(1, words.length));
		final Path out = project.resolve("out.txt"), err = project.resolve("err.txt");
		final ProcessBuilder builder = new ProcessBuilder(call).directory(project.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		builder.environment().put("DIFFEDIT_CACHE", project.resolve("cache").toString());
		final Process script = builder.start();
		assertTrue(script.waitFor(5, TimeUnit.MINUTES));
		return new Said(script.exitValue(), Files.readString(out), Files.readString(err));
	}

	/** Paths are those of the caller's folder, and nothing but results comes out. */
	@Test
	void theExample() throws Exception {
		final Said said = run("examples/command_line.sh", "my cells.png", "results");
		assertEquals(0, said.code(), said.err());
		final List<String> lines = said.out().lines().toList();
		assertEquals(List.of("results/mask.tif", "results/edited.png", "results/parts.csv", "row,operation,image,output,status,reason,seconds,notices"), lines.subList(0, 4));
		assertTrue(lines.get(4).contains(",my cells-cyan nuclei.tif,done,") && lines.get(5).contains(",my cells-blue nuclei.tif,done,"), said.out());
		assertTrue(Files.size(project.resolve("results/batch/my cells-blue nuclei.tif")) > 128 * 128 * 3);
	}

	/** Each verb starts a Java of its own, so this takes a while. */
	@Test
	@Tag("long")
	void everyVerbDoesItsWork() throws Exception {
		final String image = "my cells.png", model = GoldenCase.model("sd1").toAbsolutePath().toString();
		final String[] words = { "--source", "blue nuclei", "--target", "magenta nuclei", "--maps", "1", "--steps", "2" };
		assertEquals("mask.tif\n", out("mask", words, image, "-o", "mask.tif"));
		assertEquals("edit.tif\n", out("edit", words, image, "-o", "edit.tif"));
		assertEquals("again.tif\n", out("repeat", new String[0], "edit.tif", "-o", "again.tif"));
		assertEquals("invert.tif\n", out("invert", new String[] { "--source", "blue nuclei", "--steps", "2" }, image, "-o", "invert.tif"));
		assertEquals("new.jpg\n", out("txt2img", new String[] { "--prompt", "green nuclei", "--width", "64", "--height", "64", "--steps", "1" }, "-o", "new.jpg"));
		assertEquals("changed.png\n", out("img2img", new String[] { "--prompt", "green nuclei", "--steps", "2" }, image, "-o", "changed.png"));
		assertEquals("filled.png\n", out("inpaint", new String[] { "--prompt", "green nuclei", "--steps", "2", "--drawn-mask", "mask.tif" }, image, "-o", "filled.png"));
		assertTrue(out("caption", new String[] { "--model", GoldenCase.model("blip").toAbsolutePath().toString(), "--words", "3" }, image).length() > 1);
		assertEquals(2, out("prompts", new String[] { "--model", GoldenCase.model("t5").toAbsolutePath().toString(), "--concept", "bowl", "--count", "2", "--words", "4" }).lines().count());
		assertTrue(out("batch", words, "-o", "batch", "--files", "my*.png", "--summary", "-").contains(",my cells-edit.tif,done,"));
		assertTrue(out("measure", new String[0], image, "--after", "edit.tif", "--drawn-mask", "mask.tif").contains("Mean difference"));
		assertTrue(out("inspect", new String[0], model).contains("Stable Diffusion 1.x"));
		out("convert", new String[0], model, "converted");
		assertTrue(Files.isDirectory(project.resolve("converted/unet")));
		assertTrue(out("check", new String[0]).contains("PyTorch"));
		assertTrue(out("models", new String[0]).contains("cache"));
		assertTrue(out("engine", new String[0], "--list").startsWith("Engines in "));
		assertTrue(out("completion", new String[0]).contains("--threshold-ratio"));
	}

	private String out(final String verb, final String[] options, final String... more) throws Exception {
		final Said said = run(Stream.of(new String[] { "diffedit", verb }, more, options).flatMap(Stream::of).toArray(String[]::new));
		assertEquals(0, said.code(), verb + ": " + said.err());
		return said.out();
	}

	@Test
	void exitCodesTellWhatIsWrong() throws Exception {
		assertEquals(new Said(2, "", "diffedit: Missing required parameter: 'IMAGE'; see diffedit caption --help.\n"), run("diffedit", "caption"));
		assertEquals(1, run("inspect", "absent").code());
	}

	/** As bash does it when Tab is pressed. */
	@Test
	void bashCompletesVerbsOptionsAndChoices() throws Exception {
		Files.writeString(project.resolve("scripts/tab"), """
			source <(bash "$(dirname "$0")/diffedit" completion) || exit 1
			tab() {
			COMP_WORDS=(diffedit "$@") COMP_CWORD=$# COMPREPLY=()
			_complete_diffedit diffedit "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
			echo "${COMPREPLY[*]}"
			}
			tab inp
			tab edit --thr
			tab edit --memory Low
			tab edit --threshold O
			tab batch --operation t
			tab evaluate --edits p
			tab edit --model ""
			complete -p diffedit
			""");
		final Said said = run("tab");
		assertEquals(List.of("inpaint", "--threshold --threshold-level --threshold-ratio", "Low\\ memory Lowest\\ memory", "Otsu", "txt2img", "parity", "",
			"complete -o default -F _complete_diffedit diffedit"), said.out().lines().toList(), said.err());
		assertEquals("", said.err());
	}

	@Test
	void olderScriptsAreCallsOfIt() throws Exception {
		final Said engines = run("install-engine", "--list");
		assertEquals(0, engines.code(), engines.err());
		assertTrue(engines.out().startsWith("Engines in " + project.resolve("cache")), engines.out());
	}
}
