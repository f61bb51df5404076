package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages name is there: files they link to, messages they quote, classes and properties they mention. */
class PagesTest {

	private static final Path SITE = Path.of("src/site/markdown");
	private static final Path MAIN = Path.of("src/main/java");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");
	private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]*)\">");
	private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
	private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)\\.(?!md`)([a-z]\\w+)`");
	private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
	private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");
	/** A message between bold quotation marks, or one that begins an item of a list. */
	private static final Pattern MESSAGE = Pattern.compile("(?s)(?:\\*\\*|^- |\n- )\"([^\"]*)\"");
	private static final int SHORTEST_PIECE = 4;
	/** Classes of other projects. */
	private static final Set<String> FOREIGN = Set.of("NDArray", "ImagePlus");

	@Test
	void everyLinkLeadsToAFile() throws IOException {
		final List<String> dead = new ArrayList<>();
		for (final Path page : pages()) {
			for (final MatchResult link : all(LINK, FENCED.matcher(Files.readString(page)).replaceAll(""))) {
				if (link.group(1).matches("[a-z]+:.*")) continue;
				final Path file = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
				if (!Files.exists(file)) dead.add(page + ": " + link.group(1));
				else if (link.group(2) != null && !anchors(file).contains(link.group(2))) dead.add(page + ": " + link.group());
			}
		}
		assertEquals(List.of(), dead);
	}

	@Test
	void everyPageIsInTheMenu() throws IOException {
		final String menu = Files.readString(Path.of("src/site/site.xml"));
		final List<String> missing = new ArrayList<>();
		for (final Path page : markdown(SITE)) {
			final String html = page.getFileName().toString().replace(".md", ".html");
			if (!menu.contains("\"" + html + "\"")) missing.add(html);
		}
		assertEquals(List.of(), missing);
	}

	@Test
	void theProgramSaysWhatTroubleshootingQuotes() throws IOException {
		final String text = sources().replaceAll("\"\\s*\\+\\s*\"", "");
		final List<MatchResult> messages = all(MESSAGE, Files.readString(SITE.resolve("troubleshooting.md")));
		final List<String> unknown = new ArrayList<>();
		for (final MatchResult message : messages) {
			for (final String piece : message.group(1).replaceAll("\\s+", " ").split("\\.\\.\\.")) {
				final String words = piece.replaceAll("^[\\s().,;:'\"]+|[\\s().,;:'\"]+$", "");
				if (words.length() >= SHORTEST_PIECE && !text.contains(words)) unknown.add(message.group(1) + " [" + words + "]");
			}
		}
		assertFalse(messages.isEmpty());
		assertEquals(List.of(), unknown);
	}

	@Test
	void classesAndPropertiesThatPagesNameExist() throws IOException {
		final Set<String> classes = classes();
		final String text = sources();
		final List<String> unknown = new ArrayList<>();
		for (final Path page : pages()) {
			for (final MatchResult code : all(CODE, Files.readString(page))) {
				final String word = code.group(1);
				if (word.matches("(?:src|scripts)/[\\w./-]+") && !Files.exists(Path.of(word))) unknown.add(page + ": " + word);
				if (word.startsWith("-Ddiffedit.") && !text.contains(word.replaceFirst("-D([\\w.]+).*", "$1"))) unknown.add(page + ": " + word);
				if (page.endsWith("architecture.md") && word.matches("[A-Z]\\w+") && !classes.contains(word) && !FOREIGN.contains(word)) unknown.add(page + ": " + word);
			}
		}
		assertEquals(List.of(), unknown);
	}

	@Test
	void methodsThatArchitectureNamesExist() throws IOException {
		final List<String> unknown = new ArrayList<>();
		int named = 0;
		for (final MatchResult code : all(METHOD, Files.readString(SITE.resolve("architecture.md")))) {
			named++;
			if (!source(code.group(1)).matches("(?s).*\\b" + code.group(2) + "\\(.*")) unknown.add(code.group());
		}
		assertTrue(named >= 9, "nine steps of three questions");
		assertEquals(List.of(), unknown);
	}

	private static String source(final String type) throws IOException {
		try (Stream<Path> files = Files.walk(MAIN)) {
			final Path file = files.filter(path -> path.endsWith(type + ".java")).findFirst().orElse(null);
			return file == null ? "" : Files.readString(file);
		}
	}

	@Test
	void theJavaOfReadmeCompiles(@TempDir final Path folder) throws IOException {
		final List<MatchResult> examples = all(JAVA, Files.readString(Path.of("README.md")));
		assertEquals(1, examples.size());
		final Path source = folder.resolve("Example.java");
		Files.writeString(source, "import sc.fiji.diffedit.demo.*;\nimport sc.fiji.diffedit.pipelines.*;\nimport sc.fiji.diffedit.service.*;\n"
			+ "import sc.fiji.diffedit.tensor.*;\nclass Example {\nvoid run() throws Exception {\n" + examples.get(0).group(1) + "}\n}\n");
		final ByteArrayOutputStream text = new ByteArrayOutputStream();
		ToolProvider.getSystemJavaCompiler().run(null, null, text, "-proc:none", "-d", folder.toString(),
			"-cp", System.getProperty("java.class.path"), source.toString());
		assertEquals("", text.toString(StandardCharsets.UTF_8));
	}

	private static List<Path> pages() throws IOException {
		final List<Path> pages = new ArrayList<>(markdown(SITE));
		pages.addAll(markdown(Path.of(".github")));
		pages.addAll(List.of(Path.of("README.md"), Path.of("update-site/README.md")));
		return pages;
	}

	private static List<Path> markdown(final Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
		}
	}

	/** Those that a page sets itself: GitHub and Maven's site make different ones of headings. */
	private static Set<String> anchors(final Path page) throws IOException {
		return all(ANCHOR, Files.readString(page)).stream().map(anchor -> anchor.group(1)).collect(Collectors.toSet());
	}

	private static Set<String> classes() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src"))) {
			return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
				.map(name -> name.replace(".java", "")).collect(Collectors.toSet());
		}
	}

	private static String sources() throws IOException {
		try (Stream<Path> files = Files.walk(MAIN)) {
			final StringBuilder text = new StringBuilder();
			for (final Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) text.append(Files.readString(file));
			return text.toString();
		}
	}

	private static List<MatchResult> all(final Pattern pattern, final String text) {
		return pattern.matcher(text).results().toList();
	}
}
