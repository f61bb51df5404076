package sc.fiji.diffedit.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class of this machine's processor, as far as it decides in which order numbers are summed: its architecture, its name and its
 * instruction sets for arithmetic, and the variables by which libtorch and oneDNN are told to use fewer of them. Two machines with
 * the same text and number of threads give the same bits.
 */
public final class Processor {

	private static final Path LINUX = Path.of("/proc/cpuinfo");
	/** Instruction sets for which libtorch and oneDNN have code of their own. */
	private static final List<String> SETS = List.of("sse4_1", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "asimd", "sve");
	private static final List<String> LIMITS = List.of("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS");

	private static final String TEXT = text(read(), System.getenv());

	private Processor() {}

	/** Such as {@code amd64, AMD EPYC 7763, sse4_1 avx avx2 fma}. */
	public static String name() {
		return TEXT;
	}

	private static List<String> read() {
		try {
			return Files.isReadable(LINUX) ? Files.readAllLines(LINUX, StandardCharsets.ISO_8859_1) : List.of();
		}
		catch (final IOException e) {
			return List.of();
		}
	}

	/** @param lines of Linux' list of processors, of which the first counts; on Windows a variable has the name */
	static String text(final List<String> lines, final Map<String, String> environment) {
		final Map<String, String> first = new TreeMap<>();
		for (final String line : lines) {
			final int colon = line.indexOf(':');
			if (colon > 0) first.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
		}
		final List<String> flags = Arrays.asList(first.getOrDefault("flags", first.getOrDefault("Features", "")).split(" "));
		final String sets = SETS.stream().filter(flags::contains).collect(Collectors.joining(" "));
		final String limits = LIMITS.stream().filter(environment::containsKey).map(name -> name + "=" + environment.get(name)).collect(Collectors.joining(" "));
		final String name = first.getOrDefault("model name", environment.getOrDefault("PROCESSOR_IDENTIFIER", ""));
		return Stream.of(System.getProperty("os.arch"), name, sets, limits).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
	}
}
