package sc.fiji.diffedit.goldens;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.goldens.Outcome.Status;

/**
 * {@code scripts/check-goldens DIR [PATTERN ...]}: runs every case of a goldens tree, or those whose names match a pattern
 * with {@code *}; prints a line per case and the counts. Ends with 1 when a case fails, 2 when it was called wrongly.
 */
public final class CheckGoldens {

	private CheckGoldens() {}

	public static void main(final String[] arguments) {
		System.exit(run(arguments, System.out));
	}

	static int run(final String[] arguments, final PrintStream out) {
		if (arguments.length == 0) {
			out.println("usage: check-goldens DIR [PATTERN ...]");
			return 2;
		}
		try {
			return check(new GoldenTree(Path.of(arguments[0])), List.of(arguments).subList(1, arguments.length), out);
		}
		catch (final DiffEditException e) {
			out.println(e.getMessage());
			return 2;
		}
	}

	private static int check(final GoldenTree tree, final List<String> patterns, final PrintStream out) {
		final List<String> names = tree.names().stream().filter(name -> matches(name, patterns)).toList();
		if (names.isEmpty()) throw new DiffEditException("No case has a name like " + patterns + ".");
		final Map<Status, Integer> counts = new EnumMap<>(Status.class);
		for (final String name : names) {
			final Outcome outcome = GoldenRunners.run(tree, name);
			out.println(outcome);
			counts.merge(outcome.status(), 1, Integer::sum);
		}
		final int failed = counts.getOrDefault(Status.FAIL, 0);
		out.println(names.size() + " cases: " + counts.getOrDefault(Status.PASS, 0) + " passed, " + failed + " failed, "
			+ counts.getOrDefault(Status.SKIP, 0) + " skipped");
		return failed == 0 ? 0 : 1;
	}

	private static boolean matches(final String name, final List<String> patterns) {
		return patterns.isEmpty() || patterns.stream().anyMatch(p -> name.matches(Pattern.quote(p).replace("*", "\\E.*\\Q")));
	}
}
