package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;

class KernelChoicesTest {

	private static final String AVX512 = "avx2 fma avx512f avx512bw avx512vl avx512dq";

	@AfterEach
	void useTheTable() {
		System.clearProperty(KernelChoices.PROPERTY);
		System.clearProperty(FastPath.PROPERTY);
	}

	@ParameterizedTest
	@EnumSource
	void theTableHasALineForEachClassOfProcessors(final ProcessorClass processor) {
		final KernelChoices choices = KernelChoices.parse(KernelChoices.ofTable(processor));
		assertEquals(KernelChoices.ofTable(processor).replace(" ", ""), choices.toString());
		assertFalse(choices.takes(KernelWay.WINOGRAD, DType.BFLOAT16), "it rounds too much for 16 bits");
	}

	@Test
	void thePropertyTakesThePlaceOfTheTable() {
		assertEquals(KernelChoices.parse(KernelChoices.ofTable(ProcessorClass.here())).toString(), KernelChoices.inForce().toString());
		System.setProperty(KernelChoices.PROPERTY, " Winograd:float32, blocked_attention:BFLOAT16 ");
		assertEquals("blocked-attention:bfloat16,winograd:float32", KernelChoices.inForce().toString());
		assertTrue(KernelChoices.inForce().takes(KernelWay.BLOCKED_ATTENTION, DType.BFLOAT16));
		assertFalse(KernelChoices.inForce().takes(KernelWay.BLOCKED_ATTENTION, DType.FLOAT32));
		System.setProperty(KernelChoices.PROPERTY, "none");
		assertEquals("none", KernelChoices.inForce().toString());
	}

	@Test
	void aWayWhoseFastPathIsOffIsNotTaken() {
		System.setProperty(KernelChoices.PROPERTY, "blocked-attention:bfloat16,winograd:float32,doubled:float32,products:float32");
		System.setProperty(FastPath.PROPERTY, "packed-weights");
		assertEquals("products:float32", KernelChoices.inForce().toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "winograd", "winograd:int8", "fast:float32", "winograd:float32:float32", "", "winograd:float32,,", "all" })
	void wordsThatMeanNothingAreRefused(final String setting) {
		System.setProperty(KernelChoices.PROPERTY, setting);
		final String message = assertThrows(DiffEditException.class, KernelChoices::inForce).getMessage();
		assertTrue(message.contains("it takes table, none, or WAY:TYPE"), message);
	}

	@ParameterizedTest
	@CsvSource({ "AMX, '" + AVX512 + " avx512_bf16 amx_tile amx_bf16'", "AVX512_BF16, '" + AVX512 + " avx512_bf16'", "AVX512, '" + AVX512 + "'", "AVX2, avx2 fma", "OTHER, sse4_1" })
	void theClassFollowsFromTheInstructions(final ProcessorClass expected, final String flags) {
		assertEquals(expected, ProcessorClass.of(Set.of(flags.split(" ")), Map.of(), "amd64", () -> true));
		assertEquals(ProcessorClass.ARM, ProcessorClass.of(Set.of(flags.split(" ")), Map.of(), "aarch64", () -> true));
	}

	/** The same machine told to use less, as tests do. */
	@ParameterizedTest
	@CsvSource({ "AVX2, ONEDNN_MAX_CPU_ISA, AVX2", "AVX2, ONEDNN_MAX_CPU_ISA, AVX2_VNNI_2", "AVX2, ATEN_CPU_CAPABILITY, avx2", "OTHER, ATEN_CPU_CAPABILITY, default", "OTHER, ONEDNN_MAX_CPU_ISA, SSE41",
		"AVX512, ONEDNN_MAX_CPU_ISA, AVX512_CORE", "AVX512, ONEDNN_MAX_CPU_ISA, AVX512_CORE_VNNI", "AVX512_BF16, ONEDNN_MAX_CPU_ISA, avx512_core_bf16", "AVX512_BF16, ONEDNN_MAX_CPU_ISA, AVX512_CORE_FP16",
		"AMX, ONEDNN_MAX_CPU_ISA, AVX512_CORE_AMX", "AMX, ONEDNN_MAX_CPU_ISA, ALL", "AMX, ATEN_CPU_CAPABILITY, avx512" })
	void variablesTakeInstructionsAway(final ProcessorClass expected, final String variable, final String value) {
		final Set<String> amx = Set.of((AVX512 + " avx512_bf16 amx_tile amx_bf16").split(" "));
		assertEquals(expected, ProcessorClass.of(amx, Map.of(variable, value), "amd64", () -> true));
		assertEquals(ProcessorClass.AVX2, ProcessorClass.of(Set.of("avx2"), Map.of(variable, "AMX"), "amd64", () -> true));
	}

	/** Windows tells whose processor it is, oneDNN whether it takes bfloat16: of those only AMD's are sure to have no tiles. */
	@Test
	void withoutAListOfInstructionsTheMakerAndOneDnnDecide() {
		final Map<String, String> amd = Map.of("PROCESSOR_IDENTIFIER", "AMD64 Family 26 Model 68 Stepping 0, AuthenticAMD"), intel = Map.of("PROCESSOR_IDENTIFIER", "Intel64 Family 6 Model 143 Stepping 8, GenuineIntel");
		assertEquals(ProcessorClass.AVX512_BF16, ProcessorClass.of(Set.of(), amd, "amd64", () -> true));
		assertEquals(ProcessorClass.OTHER, ProcessorClass.of(Set.of(), amd, "amd64", () -> false));
		assertEquals(ProcessorClass.OTHER, ProcessorClass.of(Set.of(), intel, "amd64", () -> true));
		assertEquals(ProcessorClass.OTHER, ProcessorClass.of(Set.of(), Map.of(), "x86_64", () -> true));
	}
}
