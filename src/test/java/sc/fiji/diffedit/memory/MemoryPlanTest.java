package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;

/** Plans are values with a text form. */
class MemoryPlanTest {

	private static final MemoryPlan EVERYTHING = MemoryPlan.of(Preset.LOW_MEMORY).withOffload(Offload.MODEL)
		.withOffload("vae", Offload.LEAF.withStream(true).withRecordStream(true).withNonBlocking(true).withLowCpuMemUsage(true))
		.withOffload("text_encoder", Offload.blocks(2).withDisk(true))
		.withStorage("unet", Storage.of(DType.FLOAT8_E4M3FN))
		.withStorage("vae", new Storage(DType.FLOAT8_E5M2, List.of("norm", "^conv_out$"), Set.of(Leaf.Kind.LINEAR)))
		.withPlacement(new Placement(true, Map.of("cuda:0", 8_000_000_000L), Map.of()).with("unet.down_blocks.0", "disk").with("unet", "cuda:1"))
		.withPacked(Switch.OFF).withChannelsLast(Switch.ON).withVaeSlicing(Switch.ON).withTileSize(512).withCopyWeights(Switch.ON);

	@Test
	void textIsReadBackAsTheSamePlan() {
		assertEquals(EVERYTHING, MemoryPlan.parse(EVERYTHING.toString()));
		assertEquals(MemoryPlan.AUTOMATIC, MemoryPlan.parse(""));
		for (final Preset preset : Preset.values()) {
			assertEquals(MemoryPlan.of(preset), MemoryPlan.parse(MemoryPlan.of(preset).toString()));
			assertEquals(MemoryPlan.of(preset), MemoryPlan.parse(preset.label()));
		}
	}

	@Test
	void textMayHaveBlanksAndSizesWithUnits() {
		final MemoryPlan plan = MemoryPlan.parse(" preset = low_memory ; offload=block:2+disk; unet.storage=float8_e5m2 ; max_memory=cuda=1.5GB, cpu=1KiB;");
		assertEquals(Preset.LOW_MEMORY, plan.preset());
		assertEquals(Offload.blocks(2).withDisk(true), plan.offloadOf("vae"));
		assertEquals(Optional.of(Storage.of(DType.FLOAT8_E5M2)), plan.storageOf("unet"));
		assertEquals(Optional.empty(), plan.storageOf("vae"));
		assertEquals(Map.of("cuda:0", 1_500_000_000L, "cpu", 1024L), plan.placement().maxMemory());
	}

	@Test
	void aComponentMayBeExemptFromTheStorageOfAll() {
		final MemoryPlan plan = MemoryPlan.parse("storage=float8_e4m3fn; vae.storage=none");
		assertEquals(Optional.of(Storage.of(DType.FLOAT8_E4M3FN)), plan.storageOf("unet"));
		assertEquals(Optional.empty(), plan.storageOf("vae"));
		assertEquals(plan, MemoryPlan.AUTOMATIC.withStorage(Storage.of(DType.FLOAT8_E4M3FN)).withStorage("vae", Storage.NONE));
		assertEquals("preset=automatic;storage=float8_e4m3fn;vae.storage=none", plan.toString());
		assertEquals(plan, MemoryPlan.parse(plan.toString()));
		assertEquals(Optional.empty(), MemoryPlan.parse("storage=None").storageOf("unet"));
		assertFalse(Storage.NONE.keeps("conv1", new Leaf("x", Leaf.Kind.LINEAR, new long[] { 1, 1 }, true, 1, 1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "huge", "preset=huge", "ofload=model", "offload=blok", "offload=block:0", "offload=block:x", "offload=block:2+stream",
		"offload=model+stream", "offload=none+disk", "offload=leaf+record_stream", "offload=leaf+fast", "unet.storage=float9", "unet.storage=int16",
		"unet.storage=float8_e4m3fn!(", "unet.storage=float8_e4m3fn!norm!Bessel", "device_map=even", "unet.device=tpu", "unet.device=disk",
		"max_memory=cuda:0", "max_memory=cuda:0=lots", "packed=maybe", "tile_size=big", "unet.down.offload=model", "unet.color=red", "unett.offload=model", "*.device=cpu" })
	void mistakesAreTold(final String text) {
		assertTrue(assertThrows(DiffEditException.class, () -> MemoryPlan.parse(text)).getMessage().endsWith("."));
	}

	@Test
	void partsStandAboveTheirPreset() {
		final MemoryPlan plan = MemoryPlan.of(Preset.LOWEST_MEMORY).withOffload("vae", Offload.NONE).withVaeTiling(Switch.OFF).filledFor(Device.CPU);
		assertEquals(Offload.SEQUENTIAL, plan.offloadOf("unet"));
		assertEquals(Offload.NONE, plan.offloadOf("vae"));
		assertFalse(plan.vaeTiling().isOn());
		assertTrue(plan.vaeSlicing().isOn());
		final MemoryPlan whole = MemoryPlan.of(Preset.BALANCED).withOffload(Offload.LEAF).filledFor(Device.CPU);
		assertEquals(Offload.LEAF, whole.offloadOf("unet"));
	}

	@Test
	void presetsDifferByDevice() {
		assertTrue(Preset.FAST.parts(Device.CPU).packed().isOn());
		assertFalse(Preset.FAST.parts(Device.CPU).offloadOf("unet").isOn());
		assertEquals(Offload.MODEL, Preset.LOW_MEMORY.parts(Device.CPU).offloadOf("unet"));
		assertEquals(Offload.blocks(1).withStream(true), Preset.LOW_MEMORY.parts(Device.cuda(0)).offloadOf("unet"));
	}

	@Test
	void longestNameOfALayerCounts() {
		final Placement placement = Placement.NONE.with("unet", "cuda:1").with("unet.up_blocks", "cpu").with("unet.up_blocks.1", "disk");
		assertEquals(Optional.of("cuda:1"), placement.of("unet.mid_block.resnets.0"));
		assertEquals(Optional.of("cpu"), placement.of("unet.up_blocks.10.resnets.0"));
		assertEquals(Optional.of("disk"), placement.of("unet.up_blocks.1.resnets.0"));
		assertEquals(Optional.empty(), placement.of("vae"));
	}

	@Test
	void layersAreSkippedAsInDiffusers() {
		final Storage storage = Storage.of(DType.FLOAT8_E4M3FN);
		final Leaf linear = new Leaf("x", Leaf.Kind.LINEAR, new long[] { 1, 1 }, true, 1, 1);
		assertTrue(storage.keeps("down_blocks.0.attentions.0.proj_in", linear));
		assertTrue(storage.keeps("mid_block.resnets.0.conv1", linear));
		assertFalse(storage.keeps("proj_out", linear));
		assertFalse(storage.keeps("time_norm.linear", linear));
		assertFalse(storage.keeps("conv1", new Leaf("x", Leaf.Kind.PARAMETER, new long[] { 1, 1 }, false, 1, 1)));
		assertFalse(storage.withSkipKinds(Set.of(Leaf.Kind.LINEAR)).keeps("conv1", linear));
	}

	@Test
	void balancedSpreadsFromTheLargestOnThereAndBack() {
		final Map<String, Long> sizes = Map.of("unet", 100L, "text_encoder", 20L, "vae", 10L, "safety_checker", 5L);
		final Map<Device, Long> free = new java.util.LinkedHashMap<>();
		free.put(Device.cuda(0), 110L);
		free.put(Device.cuda(1), 120L);
		assertEquals(Map.of("unet", "cuda:1", "text_encoder", "cuda:0", "vae", "cuda:0", "safety_checker", "cuda:1"),
			Placement.balanced(Map.of()).resolved(sizes, free).devices());
		assertEquals(Map.of("unet", "cpu", "text_encoder", "cuda:0", "vae", "cuda:1", "safety_checker", "cpu"),
			Placement.balanced(Map.of("cuda:0", 20L, "cuda:1", 14L)).resolved(sizes, free).devices());
		assertEquals("cpu", Placement.balanced(Map.of()).with("vae", "cpu").resolved(sizes, free).devices().get("vae"));
		assertEquals(Map.of(), Placement.balanced(Map.of()).resolved(sizes, Map.of()).devices());
	}
}
