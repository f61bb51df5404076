package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.NoNativeLeaks;

/** Weights are packed where processor and libtorch can do so, and models run everywhere. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class PackingProbeTest {

	private static final Kernels UNKNOWN = Kernels.load("unknown_operator");
	private static final Kernels WRONG = Kernels.load("wrong_numbers");

	@ParameterizedTest
	@EnumSource(names = { "FLOAT32", "BFLOAT16" })
	void onlyProgramsThatRunAndAreRightPass(final DType dtype) {
		assertTrue(PackingProbe.passes(Kernels.load("layers"), dtype), "plain layers are their own measure");
		assertFalse(PackingProbe.passes(UNKNOWN, dtype), "an operator is unknown");
		assertFalse(PackingProbe.passes(WRONG, dtype), "the bias is missing");
	}

	@Test
	void whatFailsIsToldInOneLineForAType() {
		final PrintStream before = System.err;
		final ByteArrayOutputStream output = new ByteArrayOutputStream();
		System.setErr(new PrintStream(output, true));
		try {
			assertFalse(PackingProbe.passes(UNKNOWN, DType.FLOAT64));
			assertFalse(PackingProbe.passes(WRONG, DType.FLOAT64));
			assertFalse(PackingProbe.passes(UNKNOWN, DType.FLOAT64));
		}
		finally {
			System.setErr(before);
		}
		final String text = output.toString();
		assertEquals(1, text.lines().count(), text);
		assertTrue(text.contains("float64") && text.contains("cannot pack them"), text);
	}

	/** bfloat16 on processors without instructions for it, for one. */
	@ParameterizedTest
	@EnumSource(names = { "FLOAT32", "BFLOAT16", "FLOAT16" })
	void modelsRunInEveryTypeAndPackWhatCanBePacked(final DType dtype) {
		final LoadOptions options = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cpu").withDtype(dtype).withMemory(MemoryPlan.of(Preset.FAST));
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(options)) {
			lease.textToImage(TextToImageRequest.of("a red square").withWidth(48).withHeight(40).withNumInferenceSteps(1), StepListener.NONE);
			final boolean packed = lease.call(model -> model.unet().blocks().stream().map(Block::policy).anyMatch(PackedWeights.class::isInstance));
			assertEquals(PackedWeights.works(dtype), packed);
		}
	}
}
