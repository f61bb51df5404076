package sc.fiji.diffedit.tensor;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Kinds of processors on which different ways of computing are the fastest, by the instructions that oneDNN and libtorch find there. */
public enum ProcessorClass {

	/** Tiles for products of 16 bits: Intel's servers since 2023. */
	AMX,
	/** Products of bfloat16 in vectors of 512 bits: AMD since Zen 4. */
	AVX512_BF16,
	/** Vectors of 512 bits, 32 bits alone. */
	AVX512,
	/** Vectors of 256 bits. */
	AVX2,
	/** 64-bit ARM. */
	ARM,
	/** Anything else, and Intel's and AMD's where the system does not tell. */
	OTHER;

	private static final class Here {

		private static final ProcessorClass VALUE = of(Processor.flags(), System.getenv(), System.getProperty("os.arch"), () -> !SlowConvolutions.has(DType.BFLOAT16));
	}

	/** This machine's, less what the variables forbid by which libtorch and oneDNN are told to use fewer instructions. May start the engine. */
	public static ProcessorClass here() {
		return Here.VALUE;
	}

	/** Whether {@link #here()} can tell without starting the engine. */
	static boolean isKnown() {
		return Torch.isRunning() || !Processor.flags().isEmpty() || isArm(System.getProperty("os.arch"));
	}

	private static boolean isArm(final String architecture) {
		return List.of("aarch64", "arm64").contains(architecture);
	}

	/**
	 * @param flags of Linux' list; empty on other systems, where the variable PROCESSOR_IDENTIFIER may tell whose processor it is
	 * @param bfloat16 whether oneDNN convolves bfloat16 here; asked only if there are no flags
	 */
	static ProcessorClass of(final Set<String> flags, final Map<String, String> environment, final String architecture, final BooleanSupplier bfloat16) {
		if (isArm(architecture)) return ARM;
		final ProcessorClass limit = limit(environment);
		if (!flags.isEmpty()) return slower(limit, byFlags(flags));
		final boolean amd = environment.getOrDefault("PROCESSOR_IDENTIFIER", "").contains("AuthenticAMD");
		return slower(limit, amd && bfloat16.getAsBoolean() ? AVX512_BF16 : OTHER);
	}

	private static ProcessorClass byFlags(final Set<String> flags) {
		if (!flags.contains("avx2")) return OTHER;
		if (!flags.containsAll(List.of("avx512f", "avx512bw", "avx512vl", "avx512dq"))) return AVX2;
		if (!flags.contains("avx512_bf16")) return AVX512;
		return flags.containsAll(List.of("amx_tile", "amx_bf16")) ? AMX : AVX512_BF16;
	}

	/** What ONEDNN_MAX_CPU_ISA and ATEN_CPU_CAPABILITY leave; {@link #AMX} if nothing is forbidden. */
	private static ProcessorClass limit(final Map<String, String> environment) {
		final String oneDnn = environment.getOrDefault("ONEDNN_MAX_CPU_ISA", "").toUpperCase(Locale.ROOT);
		final String libtorch = environment.getOrDefault("ATEN_CPU_CAPABILITY", "").toLowerCase(Locale.ROOT);
		return slower(byOneDnn(oneDnn), libtorch.equals("default") ? OTHER : libtorch.equals("avx2") ? AVX2 : AMX);
	}

	/** @param most such as {@code AVX512_CORE_BF16}, see oneDNN's {@code dnnl_cpu_isa_t} */
	private static ProcessorClass byOneDnn(final String most) {
		if (most.startsWith("SSE") || most.equals("AVX")) return OTHER;
		if (most.startsWith("AVX2")) return AVX2;
		if (most.equals("AVX512_CORE") || most.equals("AVX512_CORE_VNNI")) return AVX512;
		return most.startsWith("AVX512_CORE") && !most.endsWith("_AMX") && !most.endsWith("_AMX_FP16") ? AVX512_BF16 : AMX;
	}

	/** Classes of one architecture stand from the fastest to the slowest. */
	private static ProcessorClass slower(final ProcessorClass one, final ProcessorClass other) {
		return one.ordinal() > other.ordinal() ? one : other;
	}

	/** The name in tables, such as {@code avx512-bf16}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}
}
