package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Sentences never say "1 slices". */
class CountedTest {

	private static final String NOUNS = "(?:slice|frame|channel|plane|step|timestep|line|row|column|image|edit|tensor|layer|word|prompt|thread|processor|part|region|object|correction|seed|label|latent|"
		+ "file|problem|adapter|model|result|cell|token|value|number|time|dimension|sample|mask|selection|entrie|copie)";
	/** A number that is not known here before the plural of what it counts. */
	private static final Pattern PLURAL = Pattern.compile("([\\w.()\\]]+) \\+ \"(?: more| other)? (" + NOUNS + "s)\\b");
	/** A constant. */
	private static final Pattern NEVER_ONE = Pattern.compile("[A-Z_]+");
	/** Limits, lists and texts; sides of a picture, which may be 1; errors of the program, not of the user. */
	private static final Set<String> FINE = Set.of("most + \" tokens", "tokenizer.maxLength() + \" tokens", "count(entry.getValue()) + \" numbers", "(other.channels + \" channels", "(tokens.length + \" rows",
		"(most + \" samples", "channels + \" channels", "layers + \" layers", "places.size() + \" times", "sample.size(2) + \" latents", "latentSize + \" latents");

	@Test
	void oneHasNoPlural() {
		assertEquals(List.of("0 slices", "1 slice", "2 slices", "1 entry", "3 entries", "2 days"),
			List.of(Counted.of(0, "slice"), Counted.of(1, "slice"), Counted.of(2, "slice"), Counted.of(1, "entry"), Counted.of(3, "entry"), Counted.of(2, "day")));
		assertEquals("1 byte and 18446744073709551615 bytes", Counted.of("1", "byte") + " and " + Counted.of(Long.toUnsignedString(-1), "byte"));
		assertEquals("There is 1 label; There are 2 labels", Counted.there(1, "label") + "; " + Counted.there(2, "label"));
	}

	@Test
	void noSentenceCountsInAnotherWay() throws IOException {
		final Set<String> found = new TreeSet<>();
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			for (final Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
				for (final String line : Files.readString(file).replaceAll("\\s*\\n\\s*\\+ \"", " + \"").split("\n")) {
					final Matcher plural = PLURAL.matcher(line);
					while (plural.find()) if (!NEVER_ONE.matcher(plural.group(1)).matches() && FINE.stream().noneMatch(plural.group()::endsWith)) found.add(file.getFileName() + ": " + plural.group());
				}
			}
		}
		assertTrue(PLURAL.matcher("image.getNSlices() + \" slices; give\"").find(), "the search finds what it is for");
		assertEquals(Set.of(), found);
	}
}
