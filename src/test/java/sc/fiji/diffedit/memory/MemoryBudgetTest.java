package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.EveryWay;
import sc.fiji.diffedit.tensor.KernelChoices;
import sc.fiji.diffedit.tensor.Torch;

/** What is expected to be needed, what is told when it is not there, and how less is tried. */
@Numeric
class MemoryBudgetTest {

	private static final long GB = 1_000_000_000L;
	/** Of the small tokenizers that the measured writers had. */
	private static final int VOCABULARY = 376;

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	private static UNet2DConditionModel stableDiffusion15() {
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("test", JsonParser.parseString("{'cross_attention_dim': 768}").getAsJsonObject()));
		return new UNet2DConditionModel(config, new RandomWeights(config, DType.FLOAT32), DType.FLOAT32);
	}

	/** Measured by {@code scripts/benchmark-memory} with plain weights on a CPU: 139, 131, 168 and 155 MB. */
	@Test
	void theUnetOfStableDiffusionIsEstimatedAsItWasMeasured() {
		try (UNet2DConditionModel unet = stableDiffusion15()) {
			assertWithin(1.5, 139e6, Activations.ofUnet(unet, 1, 32, 32));
			assertWithin(1.5, 131e6, Activations.ofUnet(unet, 2, 32, 32));
			assertWithin(1.5, 168e6, Activations.ofUnet(unet, 1, 64, 64));
			assertWithin(1.5, 155e6, Activations.ofUnet(unet, 2, 64, 64));
			assertTrue(Activations.ofUnet(unet, 2, 128, 128) > 3.5 * Activations.ofUnet(unet, 2, 64, 64) * 0.8);
		}
	}

	/** Measured in the same way with {@code packed=off;channels_last=on}: 257 and 271 MB. */
	@Test
	void channelsLastTakeAnotherCopyOfAWeight() {
		try (UNet2DConditionModel unet = stableDiffusion15()) {
			unet.setChannelsLast(true);
			assertWithin(1.5, 257e6, Activations.ofUnet(unet, 1, 32, 32));
			assertWithin(1.5, 271e6, Activations.ofUnet(unet, 2, 32, 32));
		}
	}

	/** Measured by {@code scripts/benchmark-memory} at 256 and 512: encoder 110 and 405 to 429 MB, decoder 213 to 237 and 674 MB. */
	@Test
	void theAutoencoderIsEstimatedAsItWasMeasured() {
		final AutoencoderKLConfig config = AutoencoderKLConfig.of(new Config("test", JsonParser.parseString("{'block_out_channels': [128, 256, 512, 512], "
			+ "'layers_per_block': 2, 'latent_channels': 4, 'sample_size': 512}").getAsJsonObject()));
		try (AutoencoderKL vae = new AutoencoderKL(config, new AutoencoderShapes(config), DType.FLOAT32)) {
			assertEquals(83_653_863, vae.parameterCount());
			assertWithin(1.5, 110e6, Activations.ofEncoder(vae, 256, 256));
			assertWithin(1.5, 417e6, Activations.ofEncoder(vae, 512, 512));
			assertWithin(1.5, 225e6, Activations.ofDecoder(vae, 256, 256));
			assertWithin(1.5, 674e6, Activations.ofDecoder(vae, 512, 512));
			final long whole = Activations.ofDecoder(vae, 2048, 2048);
			assertTrue(Activations.ofDecoder(new TiledAutoencoder(vae, Tiling.ofPixels(512, vae)), 2048, 2048) < whole / 8);
			assertEquals(512, Automatic.tiling(vae, GB).sampleSize());
			assertEquals(2048, Automatic.tiling(vae, 2 * whole + GB).sampleSize());
		}
	}

	/** Measured by {@code scripts/benchmark-memory} for one prompt and for 16: SD 1.5's in float32 4.2 and 61 MB, SDXL's larger one in bfloat16 2.4 and 34.5 MB. */
	@Test
	void textEncodersAreEstimatedAsTheyWereMeasured() {
		try (CLIPTextModel text = text("{'hidden_size': 768, 'intermediate_size': 3072, 'num_hidden_layers': 12, 'num_attention_heads': 12}", DType.FLOAT32)) {
			assertEquals(123_060_480, text.parameterCount());
			assertWithin(1.5, 4.2e6, Activations.ofTokens(text, 1));
			assertWithin(1.5, 61e6, Activations.ofTokens(text, 16));
			assertEquals(Activations.ofTokens(text, 1), Activations.ofTokens(text, 1, 77));
		}
		try (CLIPTextModel text = text("{'hidden_size': 1280, 'intermediate_size': 5120, 'num_hidden_layers': 32, 'num_attention_heads': 20}", DType.BFLOAT16)) {
			assertWithin(1.5, 2.4e6, Activations.ofTokens(text, 1));
			assertWithin(1.5, 34.5e6, Activations.ofTokens(text, 16));
		}
	}

	/** Measured with random models of the sizes of T5 base (prompts x tokens) and BLIP base (beams), a process each, on a CPU in float32. */
	@Test
	void whatWritersKeepIsEstimatedAsItWasMeasured() {
		assertWithin(1.5, 530e6, Activations.ofTextDecoder(12, 768, 16, 45, 129, VOCABULARY, 4));
		assertWithin(1.5, 183e6, Activations.ofTextDecoder(12, 768, 8, 45, 65, VOCABULARY, 4));
		assertWithin(1.5, 160e6, Activations.ofTextDecoder(12, 768, 16, 45, 33, VOCABULARY, 4));
		assertWithin(1.5, 44e6, Activations.ofTextDecoder(12, 768, 1, 577, 21, VOCABULARY, 4));
		assertWithin(1.5, 196e6, Activations.ofTextDecoder(12, 768, 4, 577, 21, VOCABULARY, 4));
		assertWithin(1.5, 414e6, Activations.ofTextDecoder(12, 768, 8, 577, 21, VOCABULARY, 4));
		assertEquals(Activations.ofTransformer(768, 3072, 16, 77, 4), 61e6, 1e6);
	}

	private static CLIPTextModel text(final String json, final DType dtype) {
		final CLIPTextConfig config = CLIPTextConfig.of(new Config("test", JsonParser.parseString(json).getAsJsonObject()));
		return new CLIPTextModel(config, new TextEncoderShapes(config), dtype);
	}

	/** Winograd's weights are larger than those of the file: one number says so to all who ask. */
	@Test
	void packedWeightsAreCountedWithWhatWinogradAdds() {
		System.setProperty(KernelChoices.PROPERTY, EveryWay.SETTING);
		assertEquals(1700, PackedWeights.bytes(1000, DType.FLOAT32));
		assertEquals(1030, PackedWeights.bytes(1000, DType.BFLOAT16));
		assertTrue(PackedWeights.fit(3_440_000_000L, DType.FLOAT32, 12 * GB));
		assertFalse(PackedWeights.fit(3_440_000_000L, DType.FLOAT32, 10 * GB), "1.7 times as much is more than half");
		assertTrue(PackedWeights.fit(3_440_000_000L, DType.BFLOAT16, 10 * GB));
		assertFalse(PackedWeights.fit(1, DType.FLOAT16), "nothing is packed in this type");
		try (UNet2DConditionModel unet = stableDiffusion15()) {
			final long plain = Activations.ofUnet(unet, 2, 64, 64);
			assumeTrue(PackedWeights.describe(unet));
			assertTrue(Activations.ofUnet(unet, 2, 64, 64) < plain, "packed weights are not reordered for each call");
		}
		System.setProperty(KernelChoices.PROPERTY, "doubled:float32");
		assertEquals(1030, PackedWeights.bytes(1000, DType.FLOAT32), "where this processor takes no Winograd's");
		System.setProperty(KernelChoices.PROPERTY, "none");
		assertEquals(1000, PackedWeights.bytes(1000, DType.FLOAT32));
	}

	@AfterEach
	void useTheTable() {
		System.clearProperty(KernelChoices.PROPERTY);
	}

	private static void assertWithin(final double factor, final double measured, final long expected) {
		assertTrue(expected < factor * measured && expected > measured / factor, "expected " + expected + ", measured " + measured);
	}

	@Test
	void batchesAreCutIntoEqualPartsThatFit() {
		try (UNet2DConditionModel unet = stableDiffusion15()) {
			final long one = Activations.ofUnet(unet, 1, 64, 64);
			assertEquals(4, new BudgetedBatches(() -> 100 * one).rows(unet, 4, 64, 64));
			assertEquals(3, new BudgetedBatches(() -> 4 * one).rows(unet, 6, 64, 64));
			assertEquals(1, new BudgetedBatches(() -> 0).rows(unet, 6, 64, 64));
			assertEquals(0, new BudgetedBatches(() -> 0).rows(unet, 0, 64, 64));
		}
	}

	@Test
	void aRunKeepsItsCutThoughMemoryChanges() {
		try (UNet2DConditionModel unet = stableDiffusion15()) {
			final long[] free = { 100 * GB };
			final BudgetedBatches batches = new BudgetedBatches(() -> free[0]);
			assertEquals(2, batches.rows(unet, 2, 64, 64));
			free[0] = 0;
			assertEquals(2, batches.rows(unet, 2, 64, 64));
			assertEquals(1, batches.rows(unet, 2, 32, 32));
		}
	}

	// -- refusals --

	@Test
	void aRunThatDoesNotFitIsRefusedInASentence() {
		final MemoryEstimate estimate = new MemoryEstimate(4 * GB, Map.of("denoising", 2 * GB));
		assertEquals(6 * GB, estimate.peak());
		assertTrue(estimate.refusal(7 * GB, 16 * GB, Device.CPU, Preset.FAST, DType.FLOAT32).isEmpty());
		final String message = estimate.refusal(6 * GB, 16 * GB, Device.CPU, Preset.FAST, DType.FLOAT32).orElseThrow().getMessage();
		for (final String part : List.of("6.0 GB", "5.2 GB", "weights 4.0 GB", "denoising 2.0 GB", "Low memory", "smaller image", "bfloat16")) {
			assertTrue(message.contains(part), message);
		}
		final String least = estimate.refusal(0, 16 * GB, Device.CPU, Preset.LOWEST_MEMORY, DType.BFLOAT16).orElseThrow().getMessage();
		assertFalse(least.contains("preset") || least.contains("bfloat16"), least);
		assertEquals("Needs about 6.0 GB of memory (weights 4.0 GB; denoising 2.0 GB); 7.0 GB are free", estimate.line(7 * GB));
	}

	@Test
	void refusedAllocationsAreKnownByTheirWords() {
		assertTrue(NotEnoughMemory.is(new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB")));
		assertTrue(NotEnoughMemory.is(new RuntimeException(new RuntimeException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"))));
		assertTrue(NotEnoughMemory.is(new IllegalStateException("RuntimeError: could not create a primitive")));
		assertFalse(NotEnoughMemory.is(new RuntimeException(new OutOfMemoryError("Java heap space"))));
		assertFalse(NotEnoughMemory.is(new DiffEditException("There is no prompt.")));
	}

	/** Else the answer, which is kept, would be "cannot", and later results had other bits without a word. */
	@Test
	void aTestOfTheDeviceThatLacksMemoryHasNoAnswer() {
		final DiffEditException refused = new DiffEditException("cannot run the kernels", new IllegalStateException("std::bad_alloc"));
		assertSame(refused, assertThrows(NotEnoughMemory.class, () -> NotEnoughMemory.throwIf(refused)).getCause());
		assertThrows(NotEnoughMemory.class, () -> NotEnoughMemory.throwIf(new IllegalStateException("could not create a primitive")));
		NotEnoughMemory.throwIf(new IllegalStateException("could not create a primitive descriptor for a convolution forward propagation primitive"));
		NotEnoughMemory.throwIf(new IllegalStateException("Unknown builtin op: aten::_no_such_operator"));
	}

	@Test
	void aRefusedRunIsTriedWithLessAndLess() {
		final List<Preset> tried = new ArrayList<>();
		final List<String> notes = new ArrayList<>();
		final int result = SmallerPlans.run(MemoryPlan.AUTOMATIC.withTileSize(256), plan -> {
			tried.add(plan.preset());
			assertEquals(256, plan.tileSize(), "what was set stays");
			if (plan.preset() != Preset.LOW_MEMORY) throw new IllegalStateException("CUDA out of memory.");
			return 7;
		}, notes::add);
		assertEquals(7, result);
		assertEquals(List.of(Preset.AUTOMATIC, Preset.BALANCED, Preset.LOW_MEMORY), tried);
		assertEquals(2, notes.size());
		assertTrue(notes.get(1).contains("Low memory"), notes.get(1));
	}

	@Test
	void atLastWhatWouldHelpIsTold() {
		final IllegalStateException refused = new IllegalStateException("CUDA out of memory.");
		final NotEnoughMemory failure = assertThrows(NotEnoughMemory.class, () -> SmallerPlans.run(MemoryPlan.of(Preset.FAST), plan -> {
			throw refused;
		}, note -> {}));
		assertSame(refused, failure.getCause());
		assertTrue(failure.getMessage().contains("smaller image"), failure.getMessage());
	}

	@Test
	void otherFailuresAreNotTriedAgain() {
		final int[] attempts = new int[1];
		assertThrows(DiffEditException.class, () -> SmallerPlans.run(MemoryPlan.AUTOMATIC, plan -> {
			attempts[0]++;
			throw new DiffEditException("There is no prompt.");
		}, note -> {}));
		assertEquals(1, attempts[0]);
	}

	// -- what is right for the machine --

	@Test
	void automaticTakesTheFastestPresetThatFits() {
		final Map<String, Long> sizes = Map.of("unet", 4 * GB, "text_encoder", GB, "vae", GB / 2);
		assertEquals(Preset.FAST, Automatic.preset(Device.CPU, sizes, 16 * GB));
		assertEquals(Preset.BALANCED, Automatic.preset(Device.CPU, sizes, 6 * GB));
		assertEquals(Preset.LOW_MEMORY, Automatic.preset(Device.CPU, sizes, 4 * GB));
		assertEquals(Preset.FAST, Automatic.preset(Device.cuda(0), sizes, 8 * GB));
		assertEquals(Preset.BALANCED, Automatic.preset(Device.cuda(0), sizes, 6 * GB));
		assertEquals(Preset.LOW_MEMORY, Automatic.preset(Device.cuda(0), sizes, 3 * GB));
		assertEquals(MemoryPlan.of(Preset.FAST), Automatic.resolved(MemoryPlan.of(Preset.FAST), Device.CPU, sizes, GB));
	}

	/** The type is chosen by what is computed; on Linux the processor's flags and the limit that oneDNN was given tell what that must be. */
	@Test
	void bfloat16IsTakenWhereTheProcessorHasInstructionsForIt() throws IOException {
		final Path cpuinfo = Path.of("/proc/cpuinfo");
		assumeTrue(Files.isReadable(cpuinfo));
		final Set<String> flags = Files.readAllLines(cpuinfo).stream().filter(line -> line.matches("(?i)(flags|features)\\s*:.*"))
			.flatMap(line -> Arrays.stream(line.split("\\s+"))).collect(Collectors.toSet());
		final String limit = System.getenv().getOrDefault("ONEDNN_MAX_CPU_ISA", "ALL").toUpperCase(Locale.ROOT);
		final boolean allowed = limit.matches("ALL|DEFAULT|.*(BF16|FP16|AMX|AVX10).*");
		final boolean has = flags.contains("avx512_bf16") || flags.contains("amx_bf16") || flags.contains("bf16");
		assertEquals(has && allowed ? DType.BFLOAT16 : DType.FLOAT32, FastType.of(Device.CPU), "flags " + flags + ", limit " + limit);
		assertEquals(FastType.of(Device.CPU), LoadOptions.of("demo").withDevice("cpu").withFastDtype().dtype());
	}

	@Test
	void theReserveGrowsWithTheMachineWithinBounds() {
		assertEquals(256_000_000L, MemoryEstimate.reserve(GB));
		assertEquals(400_000_000L, MemoryEstimate.reserve(8 * GB));
		assertEquals(GB, MemoryEstimate.reserve(100 * GB));
	}
}
