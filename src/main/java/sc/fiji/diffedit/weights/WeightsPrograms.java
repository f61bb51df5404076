package sc.fiji.diffedit.weights;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Torch;

/** The main class behind {@code scripts/inspect} and {@code scripts/convert}. */
public final class WeightsPrograms {

	private static final String USAGE = """
		inspect PATH ...
		\s   says what files and folders are: family, parts, types, sizes, what they serve and what is missing
		convert SOURCE TARGET [--dtype float16] [--max-shard-size 2GB] [--variant fp16] [--companion FOLDER] [--part vae=PATH]
		\s   writes a model (folder, or checkpoint in one file) as a folder in diffusers format, and reads it back
		\s   --companion  for a checkpoint in one file: a folder of the same family that has configs and tokenizers
		\s   --part       takes a part from another file or folder""";

	private static final List<String> OPTIONS = List.of("--dtype", "--max-shard-size", "--variant", "--companion", "--part");

	private WeightsPrograms() {}

	/** Ends the program with 1 and a sentence if something is wrong, with 2 if it was called wrongly. */
	public static void main(final String[] arguments) {
		final int status = run(List.of(arguments), System.out);
		if (status != 0) System.exit(status);
	}

	static int run(final List<String> arguments, final PrintStream out) {
		try {
			if (arguments.size() > 1 && arguments.get(0).equals("inspect")) inspect(arguments.subList(1, arguments.size()), out);
			else if (arguments.size() > 2 && arguments.get(0).equals("convert")) convert(arguments.subList(1, arguments.size()), out);
			else {
				out.println(USAGE);
				return 2;
			}
			return 0;
		}
		catch (final DiffEditException e) {
			out.println(e.getMessage());
			return 1;
		}
	}

	private static void inspect(final List<String> paths, final PrintStream out) {
		for (final String path : paths) Inspection.of(Path.of(path)).lines().forEach(out::println);
	}

	private static void convert(final List<String> arguments, final PrintStream out) {
		Conversion conversion = Conversion.DEFAULTS;
		ModelOptions options = ModelOptions.DEFAULTS;
		final List<String> rest = new ArrayList<>(arguments.subList(2, arguments.size()));
		while (!rest.isEmpty()) {
			final String name = rest.remove(0);
			if (!OPTIONS.contains(name)) throw new DiffEditException("There is no option " + name + "; there are " + String.join(", ", OPTIONS) + ".");
			if (rest.isEmpty()) throw new DiffEditException("The option " + name + " needs a value.");
			final String value = rest.remove(0);
			switch (name) {
				case "--dtype" -> conversion = conversion.withDtype(dtype(value));
				case "--max-shard-size" -> conversion = conversion.withMaxShardSize(bytes(value));
				case "--variant" -> options = options.withVariant(value);
				case "--companion" -> options = options.withCompanion(Path.of(value));
				default -> options = part(options, value);
			}
		}
		Torch.prepareThread();
		try (ModelFolder model = ModelFolder.open(Path.of(arguments.get(0)), options)) {
			conversion.write(model, Path.of(arguments.get(1)), out::println);
		}
	}

	private static ModelOptions part(final ModelOptions options, final String value) {
		final int equals = value.indexOf('=');
		if (equals < 1) throw new DiffEditException("--part needs a name and a path, such as vae=my-vae.safetensors; got " + value + ".");
		return options.withPart(value.substring(0, equals), Path.of(value.substring(equals + 1)));
	}

	private static DType dtype(final String value) {
		final String name = switch (value) {
			case "fp16", "half" -> "float16";
			case "bf16" -> "bfloat16";
			case "fp32" -> "float32";
			default -> value;
		};
		for (final DType type : DType.values()) {
			if (type.isFloatingPoint() && type.name().toLowerCase(Locale.ROOT).equals(name)) return type;
		}
		throw new DiffEditException("There is no type " + value + " for weights; choose float32, float16 or bfloat16.");
	}

	/** {@code 450KB}, {@code 2GB}: decimal, as in diffusers; {@code 2GiB} and bare bytes too. */
	static long bytes(final String value) {
		final Matcher size = Pattern.compile("(\\d{1,12})\\s*(|[KMG])(i?)B?", Pattern.CASE_INSENSITIVE).matcher(value.trim());
		if (!size.matches()) throw new DiffEditException(value + " is not a size; give one such as 450KB or 2GB.");
		final long step = size.group(3).isEmpty() ? 1000 : 1024;
		long bytes = Long.parseLong(size.group(1));
		for (int i = " KMG".indexOf(size.group(2).isEmpty() ? " " : size.group(2).toUpperCase(Locale.ROOT)); i > 0; i--) bytes *= step;
		return bytes;
	}
}
