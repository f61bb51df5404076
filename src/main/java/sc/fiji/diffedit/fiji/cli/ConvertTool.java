package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.Conversion;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.ModelOptions;

/** Writes models as folders. */
@Command(name = "convert", description = "Writes a model (a folder, or a checkpoint in one file) as a folder in diffusers' format, and compares it with the source.")
final class ConvertTool extends Tool {

	@Parameters(index = "0", paramLabel = "SOURCE", description = "The model.")
	private Path source;
	@Parameters(index = "1", paramLabel = "TARGET", description = "The folder to write.")
	private Path target;
	@Option(names = "--dtype", paramLabel = "TYPE", description = "float32, float16 or bfloat16; unless given, as in the source.")
	private String dtype;
	@Option(names = "--max-shard-size", paramLabel = "SIZE", description = "Largest file of weights, such as 2GB.")
	private String maxShardSize;
	@Option(names = "--variant", paramLabel = "NAME", description = "Of the source's weights, such as fp16.")
	private String variant;
	@Option(names = "--companion", paramLabel = "FOLDER", description = "For a checkpoint in one file: a folder of the same family that has configs and tokenizers.")
	private Path companion;
	@Option(names = "--part", paramLabel = "NAME=PATH", description = "Takes a part from another file or folder, such as vae=my-vae.safetensors; may be repeated.")
	private Map<String, Path> parts = Map.of();

	@Option(names = "--prediction-type", paramLabel = "TYPE", description = "What the UNet predicts, if the source does not say it: epsilon, v_prediction or sample.")
	private String predictionType;

	ConvertTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final Conversion conversion = WrongUseException.check(this::conversion);
		final List<String> lines = new ArrayList<>();
		Torch.prepareThread();
		try (ModelFolder model = ModelFolder.open(source, options())) {
			conversion.write(model, target, line -> {
				lines.add(line);
				if (!common().isJson()) common().terminal().out().println(line);
			});
		}
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("target", target.toString());
		json.put("lines", lines);
		common().result(json, List.of());
		return ExitCode.DONE;
	}

	private Conversion conversion() {
		Conversion conversion = Conversion.DEFAULTS;
		if (dtype != null) conversion = conversion.withDtype(type(dtype));
		return maxShardSize == null ? conversion : conversion.withMaxShardSize(bytes(maxShardSize));
	}

	private ModelOptions options() {
		ModelOptions options = ModelOptions.DEFAULTS;
		if (variant != null) options = options.withVariant(variant);
		if (companion != null) options = options.withCompanion(companion);
		if (predictionType != null) options = options.withPredictionType(predictionType);
		for (final Map.Entry<String, Path> part : parts.entrySet()) options = options.withPart(part.getKey(), part.getValue());
		return options;
	}

	private static DType type(final String value) {
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
