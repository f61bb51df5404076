package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The table of the page on trust has a row for each circumstance that is measured, and no other. */
class MeasuredDifferencesTest {

	@Test
	void thePageHasTheCircumstancesThatAreMeasured() throws IOException {
		final List<String> rows = Files.readAllLines(Path.of("src/site/markdown/trust.md")).stream().dropWhile(line -> !line.startsWith("| what differs |")).skip(2)
			.takeWhile(line -> line.startsWith("| ")).map(line -> line.split(" [|] ")[0].substring("| ".length())).toList();
		assertEquals(List.copyOf(MeasuredDifferences.circumstances().keySet()), rows);
	}
}
