package sc.fiji.diffedit.tensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

	private static final List<String> LINES = read();
	private static final String TEXT = text(LINES, System.getenv());

	private Processor() {}

	/** Such as {@code amd64, AMD EPYC 7763, sse4_1 avx avx2 fma}. */
	public static String name() {
		return TEXT;
	}

	/** All instruction sets that Linux names; empty on other systems. */
	static Set<String> flags() {
		return flags(entries(LINES));
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
		final Map<String, String> first = entries(lines);
		final Set<String> flags = flags(first);
		final String sets = SETS.stream().filter(flags::contains).collect(Collectors.joining(" "));
		final String limits = LIMITS.stream().filter(environment::containsKey).map(name -> name + "=" + environment.get(name)).collect(Collectors.joining(" "));
		final String name = first.getOrDefault("model name", environment.getOrDefault("PROCESSOR_IDENTIFIER", ""));
		return Stream.of(System.getProperty("os.arch"), name, sets, limits).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
	}

	/** What Linux says of the first processor. */
	private static Map<String, String> entries(final List<String> lines) {
		final Map<String, String> first = new TreeMap<>();
		for (final String line : lines) {
			final int colon = line.indexOf(':');
			if (colon > 0) first.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
		}
		return first;
	}

	private static Set<String> flags(final Map<String, String> entries) {
		return Stream.of(entries.getOrDefault("flags", entries.getOrDefault("Features", "")).split(" ")).filter(flag -> !flag.isEmpty()).collect(Collectors.toSet());
	}
}
