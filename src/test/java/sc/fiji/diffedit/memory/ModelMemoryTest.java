package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.tensor.CudaStream;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What is on a device, when, and for how long. */
@ExtendWith(NoNativeLeaks.class)
class ModelMemoryTest {

	private final TestDevices devices = new TestDevices(true);
	private final List<String> notes = new ArrayList<>();

	@AfterEach
	void nothingIsLeftAlive() throws IOException {
		assertEquals(0, devices.bytes());
		assertEquals(0, offloadFolders());
	}

	private static long offloadFolders() throws IOException {
		try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			return files.filter(file -> file.getFileName().toString().startsWith("diffedit-offload-" + ProcessHandle.current().pid() + "-")).count();
		}
	}

	private static UNet2DConditionModel unet(final DType dtype) {
		final Path folder = GoldenCase.model("sd1/unet");
		return new UNet2DConditionModel(UNet2DConditionConfig.of(Config.read(folder.resolve("config.json"))),
			new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), dtype);
	}

	private ModelMemory memory(final String plan, final Device main) {
		return new ModelMemory(MemoryPlan.parse("preset=fast;" + plan).filledFor(main), main, devices, Map.of("unet", 1L), Set.of(), notes::add);
	}

	private static void call(final UNet2DConditionModel unet) {
		try (Scope scope = Scope.open()) {
			final Tensor result = unet.predict(Tensor.full(0.5, DType.FLOAT32, 1, 4, 8, 8), 10, Conditioning.of(Tensor.full(0.5, DType.FLOAT32, 1, 77, 32)));
			assertTrue(result.isFinite());
		}
	}

	/** Most bytes of weights and of the arguments of a call on the device during a forward pass. */
	private long peak(final String plan) {
		try (ModelMemory memory = memory(plan, Device.cuda(0)); UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32))) {
			call(unet);
			devices.most();
			call(unet);
			return devices.most();
		}
	}

	private static long weights() {
		try (UNet2DConditionModel unet = unet(DType.FLOAT32)) {
			return unet.parameterCount() * 4;
		}
	}

	@Test
	void eachOffloadNeedsLessThanTheOneBefore() {
		final long all = weights();
		final long model = peak("offload=model");
		final long four = peak("offload=block:4");
		final long one = peak("offload=block:1");
		final long streamed = peak("offload=block:1+stream");
		final long leaf = peak("offload=leaf");
		assertTrue(model >= all, model + " of " + all);
		assertTrue(four < all && one < four && leaf < one, model + " " + four + " " + one + " " + leaf);
		assertTrue(one < streamed && streamed < all, "the next block comes early: " + streamed);
		assertEquals(leaf, peak("offload=sequential"));
		assertEquals(leaf, peak("offload=leaf+disk"));
	}

	@ParameterizedTest
	@CsvSource({ "offload=model,true", "offload=block:2,false", "offload=sequential,false", "vae.offload=leaf,true" })
	void modelOffloadStaysUntilTheEndOfItsTurn(final String plan, final boolean stays) {
		try (ModelMemory memory = memory(plan, Device.cuda(0)); UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32))) {
			call(unet);
			assertEquals(stays, devices.bytes() > 0);
			memory.leaveDevice();
			assertEquals(plan.startsWith("vae"), devices.bytes() > 0);
			call(unet);
		}
	}

	@Test
	void oneComponentMakesRoomForAnother() {
		try (ModelMemory memory = memory("offload=model", Device.cuda(0)); UNet2DConditionModel one = memory.place("unet", unet(DType.FLOAT32));
			UNet2DConditionModel other = memory.place("vae", unet(DType.FLOAT32)))
		{
			call(one);
			call(other);
			call(one);
			assertTrue(devices.most() < 1.5 * weights());
		}
	}

	@Test
	void whatStaysComesOnce() {
		try (ModelMemory memory = memory("unet.mid_block.device=cuda:1", Device.cuda(0)); UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32))) {
			call(unet);
			final long bytes = devices.bytes();
			assertEquals(weights(), bytes);
			call(unet);
			assertEquals(bytes, devices.bytes());
			assertEquals(Map.of("unet", "cuda:0", "unet.mid_block", "cuda:1"), memory.deviceMap());
		}
	}

	/** A stream copies to its own device only. */
	@Test
	void layersComeToTheirOwnDevice() {
		try (ModelMemory memory = memory("offload=leaf+stream;unet.mid_block.device=cuda:1;unet.up_blocks.0.device=cuda:1", Device.cuda(0));
			UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32)))
		{
			call(unet);
			final long there = unet.blocks().stream().filter(block -> block.path().matches("mid_block.*|up_blocks\\.0.*"))
				.flatMap(block -> block.leaves().stream()).flatMap(leaf -> leaf.tensors().stream().map(leaf::shapeOf))
				.mapToLong(shape -> 4 * java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)).sum();
			assertTrue(devices.arrived(Device.cuda(1)) >= there, devices.arrived(Device.cuda(1)) + " of " + there);
			assertTrue(devices.arrived(Device.cuda(1)) < weights());
		}
	}

	@Test
	void layersOnCpuOrDiskComeForTheirCall() {
		try (ModelMemory memory = memory("unet.up_blocks.device=disk;unet.down_blocks.device=cpu", Device.cuda(0));
			UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32)))
		{
			call(unet);
			assertTrue(devices.bytes() > 0 && devices.bytes() < weights() / 2, devices.bytes() + " of " + weights());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "float8_e4m3fn", "int8" })
	void eightBitsTakeAQuarterOfTheRoom(final String type) {
		try (ModelMemory memory = memory("storage=" + type, Device.cuda(0)); UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32))) {
			call(unet);
			assertTrue(devices.bytes() < 0.3 * weights(), devices.bytes() + " of " + weights());
		}
	}

	@Test
	void diskHoldsTheWeightsUntilTheEnd() throws IOException {
		try (ModelMemory memory = memory("offload=leaf+disk", Device.CPU); UNet2DConditionModel unet = memory.place("unet", unet(DType.BFLOAT16))) {
			call(unet);
			assertEquals(1, offloadFolders());
			final long alive = Scope.liveValues();
			call(unet);
			assertEquals(alive, Scope.liveValues());
		}
	}

	/** On the CPU nothing but the file holds the weights of an offloaded network, whatever type it computes in. */
	@ParameterizedTest
	@CsvSource({ "offload=sequential", "offload=block:2", "offload=leaf" })
	void onTheCpuNothingIsKept(final String plan) {
		try (ModelMemory memory = memory(plan, Device.CPU); UNet2DConditionModel unet = memory.place("unet", unet(DType.BFLOAT16))) {
			final long alive = Scope.liveValues();
			call(unet);
			assertEquals(alive, Scope.liveValues());
		}
	}

	@Test
	void aStreamThatIsNotThereIsTold() {
		try (ModelMemory memory = memory("offload=leaf+stream", Device.CPU); UNet2DConditionModel unet = memory.place("unet", unet(DType.FLOAT32))) {
			call(unet);
			assertEquals(List.of("The weights of unet come without a stream: cpu has none here."), notes);
		}
		assertThrows(DiffEditException.class, () -> CudaStream.of(Device.cuda(0)), "a CPU build has no CUDA streams");
	}

	@Test
	void mistakesAreTold() {
		assertTrue(assertThrows(DiffEditException.class, () -> memory("unet.device=cuda:7", Device.CPU)).getMessage().contains("cuda:7"));
		try (ModelMemory memory = memory("unet.down_block.0.device=disk", Device.CPU); UNet2DConditionModel unet = unet(DType.FLOAT32)) {
			assertTrue(assertThrows(DiffEditException.class, () -> memory.place("unet", unet)).getMessage().contains("unet.down_block.0"));
		}
		assertFalse(Mover.NATIVE.has(Device.cuda(99)));
	}

	/** The test device does what it says, or all tests here would prove nothing. */
	@Test
	void whatHasGoneIsNaN() {
		try (Scope scope = Scope.open()) {
			final Tensor copy = devices.move(Tensor.full(1, DType.FLOAT8_E4M3FN, 3), Device.cuda(0), false);
			final Tensor sameStorage = copy.reshape(3, 1);
			devices.drop(copy);
			assertTrue(Float.isNaN(sameStorage.toFloatArray()[2]));
			try (CopyStream stream = devices.stream(Device.cuda(1)).orElseThrow()) {
				final Tensor coming = stream.start(List.of(Tensor.full(2, DType.FLOAT32, 2))).get(0);
				assertFalse(coming.isFinite());
				stream.join();
				assertEquals(2, coming.toFloatArray()[1]);
				devices.drop(coming);
			}
		}
	}

	@Test
	void aCardThatIsNotThereIsToldAsItWasAskedFor() {
		final DiffEditException asked = assertThrows(DiffEditException.class, () -> memory("", Device.cuda(7)));
		assertTrue(asked.getMessage().startsWith("The model is to compute on cuda:7, but this machine has [cuda:") && asked.getMessage().contains("Edit > Options > DiffEdit..."), asked.getMessage());
		final DiffEditException planned = assertThrows(DiffEditException.class, () -> memory("unet.device=cuda:7", Device.cuda(0)));
		assertTrue(planned.getMessage().startsWith("The memory plan names cuda:7, but this machine has "), planned.getMessage());
	}
}
