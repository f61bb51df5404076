package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Scope;

/**
 * Walks through every form of {@code forms.txt}: makes a small one, and looks that it gives the right numbers or the right sentence. The
 * table in the page on models is made from the same rows: {@code -Ddiffedit.write=true} writes it.
 */
class FormsOfFilesTest {

	private static final Path PAGE = Path.of("src/site/markdown/models.md");
	private static final String BEGIN = "<!-- forms: written by FormsOfFilesTest -->", END = "<!-- end of forms -->";
	private static ModelStore store;

	/** A row of the file, or the title of a section. */
	private record Form(String form, String happens, String seen, String steps, String wanted) {

		static Form of(final String line) {
			final String[] columns = line.split("\\s*\\|\\s*", -1);
			assertEquals(5, columns.length, line);
			return new Form(columns[0], columns[1], columns[2], columns[3], columns[4]);
		}
	}

	@BeforeAll
	static void start() {
		store = new ModelStore();
	}

	@AfterAll
	static void end() {
		store.close();
	}

	private static List<String> lines() throws IOException {
		try (var in = FormsOfFilesTest.class.getResourceAsStream("forms.txt")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank() && !line.startsWith("# ")).toList();
		}
	}

	@TestFactory
	Stream<DynamicTest> everyFormGivesTheRightNumbersOrTheRightSentence(@TempDir final Path temp) throws IOException {
		return lines().stream().filter(line -> !line.startsWith("##")).map(Form::of).map(form -> DynamicTest.dynamicTest(form.form(), () -> {
			try (Scope scope = Scope.open()) {
				final FormMaker made = new FormMaker(Files.createTempDirectory(temp, "form")).make(form.steps());
				new FormChecks(store, made).check(form.wanted());
			}
			finally {
				store.unloadAll();
			}
		}));
	}

	@Test
	void thePageHasTheTableOfTheseRows() throws IOException {
		final String page = Files.readString(PAGE);
		final int begin = page.indexOf(BEGIN) + BEGIN.length();
		final int end = page.indexOf(END);
		assertTrue(begin >= BEGIN.length() && end > begin, "the page has a place for the table");
		if (Boolean.getBoolean("diffedit.write")) Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
		else assertEquals(table(), page.substring(begin, end), "write it with -Ddiffedit.write=true");
	}

	private static String table() throws IOException {
		final List<String> table = new ArrayList<>();
		for (final String line : lines()) {
			if (line.startsWith("## ")) table.addAll(List.of("", "### " + line.substring(3), "", "| form | what happens | seen in |", "| --- | --- | --- |"));
			else table.add("| " + Form.of(line).form() + " | " + Form.of(line).happens() + " | " + Form.of(line).seen() + " |");
		}
		return String.join("\n", table) + "\n\n";
	}
}
