package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The table of forms in the page about models: each row names a test that is there. */
class FormsTableTest {

	private static final Path PAGE = Path.of("src/site/markdown/models.md"), TESTS = Path.of("src/test/java");
	private static final Pattern ROW = Pattern.compile("\\| [^|]+ \\| [^|]+ \\| `(\\w+)\\.(\\w+)` \\|");

	@Test
	void eachRowNamesATestThatIsThere() throws IOException {
		final String page = Files.readString(PAGE);
		final String table = page.substring(page.indexOf("## Forms of files"), page.indexOf("## What a model can do"));
		final Map<String, Path> classes;
		try (Stream<Path> files = Files.walk(TESTS)) {
			classes = files.filter(file -> file.toString().endsWith("Test.java")).collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file, (a, b) -> a));
		}
		final List<String> rows = table.lines().filter(line -> line.startsWith("|")).skip(2).toList();
		final List<String> without = new ArrayList<>();
		for (final String row : rows) {
			final Matcher named = ROW.matcher(row);
			if (!named.matches() || !isThere(classes.get(named.group(1) + ".java"), named.group(2))) without.add(row);
		}
		assertEquals(List.of(), without);
		assertTrue(rows.size() > 30, rows.size() + " rows");
	}

	private static boolean isThere(final Path test, final String method) throws IOException {
		return test != null && Files.readString(test).contains("\n\tvoid " + method + "(");   // tests have no modifier, helpers do
	}
}
