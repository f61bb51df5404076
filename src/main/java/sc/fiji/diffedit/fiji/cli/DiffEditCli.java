package sc.fiji.diffedit.fiji.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.scijava.Context;
import org.scijava.util.VersionUtils;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.batch.Verb;
import sc.fiji.diffedit.fiji.form.Nearest;

/**
 * The program behind {@code scripts/diffedit}. Results go to the standard output, everything else to the standard error. It ends with
 * 0 when all is done, 1 when the work failed, 2 when it was called wrongly, 130 when it was stopped; what is wrong is one sentence.
 */
public final class DiffEditCli {

	private static final String DEBUG = "--debug";
	private static final String ALL = "*";
	/** Set by the script where the standard error is a terminal. */
	private static final String INTERACTIVE = "diffedit.terminal";

	private DiffEditCli() {}

	/** What other code prints, as ImageJ's log does without a window, is nobody's result. */
	public static void main(final String[] arguments) {
		final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, java.nio.charset.StandardCharsets.UTF_8);
		System.setOut(List.of(arguments).contains(DEBUG) ? System.err : new PrintStream(OutputStream.nullOutputStream()));
		final AtomicReference<Context> context = new AtomicReference<>();
		final int code = run(new Terminal(System.in, out, System.err, Boolean.getBoolean(INTERACTIVE), () -> context.updateAndGet(DiffEditCli::orNew)), arguments);
		out.flush();
		if (context.get() != null) context.get().dispose();
		System.exit(code);
	}

	private static Context orNew(final Context context) {
		return context == null ? new Context() : context;
	}

	/** @return the exit code */
	static int run(final Terminal terminal, final String... arguments) {
		final List<String> words = Arrays.stream(arguments).map(FormOptions::dashedOption).toList();
		final CommandLine line = commandLine(terminal, words.isEmpty() ? "" : words.get(0));
		if (!words.isEmpty()) return execute(line, terminal, words);
		line.usage(terminal.err());
		return ExitCode.WRONG_USE;
	}

	/** Runs a program with the manners of this one. */
	static int execute(final CommandLine line, final Terminal terminal, final List<String> words) {
		line.setOut(new PrintWriter(terminal.out(), true));
		line.setErr(new PrintWriter(terminal.err(), true));
		line.setParameterExceptionHandler((e, given) -> wrongUse(terminal, e));
		line.setExecutionExceptionHandler((e, where, parsed) -> failed(terminal, e, words.contains(DEBUG)));
		return line.execute(words.toArray(String[]::new));
	}

	/**
	 * All verbs.
	 *
	 * @param called the one that is called; options of others take time to make. {@link #ALL} for all
	 */
	private static CommandLine commandLine(final Terminal terminal, final String called) {
		final CommandSpec root = CommandSpec.create().name("diffedit").versionProvider(() -> new String[] { VersionUtils.getVersion(DiffEditCli.class) }).mixinStandardHelpOptions(true);
		root.usageMessage().description("Edits images by words: DiffEdit with Stable Diffusion.").footer("",
			"diffedit VERB --help says more about a verb. Exit codes: 0 done, 1 the work failed, 2 called wrongly, 130 stopped.");
		for (final Verb verb : Verb.values()) root.addSubcommand(verb.word(), FormCommand.of(verb, terminal, called.equals(verb.word()) || called.equals(ALL)));
		root.addSubcommand("batch", BatchTool.of(terminal, called.equals("batch") || called.equals(ALL)));
		for (final Tool tool : List.of(new MeasureTool(terminal), new RepeatTool(terminal), new InspectTool(terminal), new ConvertTool(terminal), new CheckTool(terminal), new ModelsTool(terminal), new EngineTool(terminal),
			new EvaluateTool(terminal))) {
			final CommandSpec spec = CommandSpec.forAnnotatedObject(tool);
			root.addSubcommand(spec.name(), spec);
		}
		root.addSubcommand("completion", CommandSpec.wrapWithoutInspection((Runnable) () -> terminal.out().print(completion(terminal))).mixinStandardHelpOptions(true));
		root.subcommands().get("completion").getCommandSpec().usageMessage().description("Writes a script by which bash and zsh complete verbs and options: source <(diffedit completion).");
		return prepared(root);
	}

	/** As all programs take their words and write their help. */
	static CommandLine prepared(final CommandSpec root) {
		return new CommandLine(root).setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpWidth(110).setUsageHelpAutoWidth(true);
	}

	/** Where there are no choices, shells complete names of files, which the script would forbid them: many options are paths or names. */
	private static String completion(final Terminal terminal) {
		return AutoComplete.bash("diffedit", commandLine(terminal, ALL)).replace("type compopt &>/dev/null && compopt +o default", "");
	}

	private static int wrongUse(final Terminal terminal, final ParameterException e) {
		final String verb = e.getCommandLine().getCommandSpec().qualifiedName();
		final boolean noVerb = e instanceof UnmatchedArgumentException && verb.equals("diffedit");
		final String wrong = noVerb ? "there is no verb '" + ((UnmatchedArgumentException) e).getUnmatched().get(0) + "'" : e.getMessage().replaceAll("\\s*\\R\\s*", " ");
		terminal.err().println("diffedit: " + wrong + nearest(e) + "; see " + verb + " --help.");
		return ExitCode.WRONG_USE;
	}

	/** The nearest verb or option to what there is not. */
	private static String nearest(final ParameterException e) {
		if (!(e instanceof UnmatchedArgumentException unmatched)) return "";
		final String written = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
		final CommandSpec spec = e.getCommandLine().getCommandSpec();
		final Set<String> words = written.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet();
		return words.isEmpty() ? "" : "; the nearest is " + Nearest.to(written, List.copyOf(words));
	}

	private static int failed(final Terminal terminal, final Exception e, final boolean debug) {
		if (debug) e.printStackTrace(terminal.err());
		if (e instanceof CancelledException) return ExitCode.STOPPED;
		final String sentence = e instanceof DiffEditException ? e.getMessage() : "something went wrong that should not (" + e + "); " + DEBUG + " says where.";
		terminal.err().println("diffedit: " + sentence);
		return e instanceof WrongUseException ? ExitCode.WRONG_USE : ExitCode.FAILED;
	}
}
