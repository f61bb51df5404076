package sc.fiji.diffedit.fiji.cli;

import java.util.List;

import picocli.CommandLine.Option;

import sc.fiji.diffedit.config.JsonText;

/** The options that all verbs have, and how they say things. */
final class Common {

	@Option(names = "--json", description = "Write the result as JSON to the standard output.")
	private boolean json;
	/** The program itself looks for it, since it counts for wrong options too. */
	@Option(names = "--debug", description = "When something goes wrong, show where in the program.")
	private boolean debug;
	@Option(names = "--quiet", description = "Neither progress nor notices.")
	private boolean quiet;

	private final Terminal terminal;

	Common(final Terminal terminal) {
		this.terminal = terminal;
	}

	Terminal terminal() {
		return terminal;
	}

	boolean isJson() {
		return json;
	}

	/** Writes a result: with {@code --json} as JSON, else as lines. */
	void result(final Object value, final List<String> lines) {
		if (json) terminal.out().println(JsonText.pretty(value));
		else lines.forEach(terminal.out()::println);
	}

	/** Says something that is no result. */
	void say(final String sentence) {
		if (!quiet) terminal.err().println(sentence);
	}

	/** The line that shows progress; without effect where nobody looks. */
	ProgressBar progress() {
		return new ProgressBar(terminal.err(), terminal.interactive() && !quiet);
	}
}
