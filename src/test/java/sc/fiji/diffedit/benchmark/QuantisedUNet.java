package sc.fiji.diffedit.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.WeightsFile;

/**
 * One UNet whose weights lie in a GGUF file: prints a line with the size of the file, the time of the second of two calls and that of the processor
 * in it, which other work on the machine hardly changes, the memory of the process at its peak besides mapped files, and how far the result is from that of another file, whose result it keeps. Arguments: a
 * folder of {@code scripts/benchmarks/gguf_models.py}, a type, side of the latents, and perhaps a storage, such as {@code storage=int8}; with {@code storage=none} all
 * numbers are made at once.
 */
public final class QuantisedUNet {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
	private static volatile long peak;

	private QuantisedUNet() {}

	public static void main(final String[] arguments) throws IOException {
		Torch.prepareThread();
		final Path folder = Path.of(arguments[0]);
		final Path file = folder.resolve(arguments[1] + ".gguf");
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(Config.read(folder.resolve("config.json")));
		final MemoryPlan plan = MemoryPlan.parse("preset=fast;packed=off" + (arguments.length > 3 ? ";" + arguments[3] : ""));
		final boolean quantised = plan.keepsQuantised("unet");
		try (WeightsFile weights = WeightsFile.open(file); Scope scope = Scope.open();
			ModelMemory memory = new ModelMemory(plan.filledFor(Device.CPU), Device.CPU, Mover.NATIVE, Map.of("unet", 1L), quantised ? Set.of("unet") : Set.of(), note -> {});
			UNet2DConditionModel unet = memory.place("unet", new UNet2DConditionModel(config, weights, DType.FLOAT32)))
		{
			final int side = Integer.parseInt(arguments[2]);
			final Tensor sample = drawn(4, side, side);
			Conditioning conditioning = Conditioning.of(drawn(77, config.crossAttentionDim().get(0)));
			if (config.addedTextTime()) {
				conditioning = conditioning.with(Conditioning.TEXT_EMBEDS, drawn(config.projectionInput() - 6L * config.additionTimeEmbedDim()))
					.with(Conditioning.TIME_IDS, Tensor.of(new float[] { 512, 512, 0, 0, 512, 512 }, 1, 6));
			}
			call(unet, sample, conditioning);
			final Thread watch = new Thread(QuantisedUNet::watch);
			watch.setDaemon(true);
			watch.start();
			final long start = System.nanoTime(), processor = SYSTEM.getProcessCpuTime();
			final float[] result = call(unet, sample, conditioning);
			final double seconds = (System.nanoTime() - start) / 1e9, busy = (SYSTEM.getProcessCpuTime() - processor) / 1e9;
			System.out.printf(Locale.ROOT, "| %s%s | %.2f | %.1f | %.1f | %.2f | %.4f |%n", arguments[1], arguments.length > 3 ? ", " + arguments[3] : "", Files.size(file) / 1e9, seconds, busy,
				peak / 1e9, difference(result, folder.resolve("result")));
		}
	}

	private static Tensor drawn(final long... shape) {
		final long[] batch = new long[shape.length + 1];
		batch[0] = 1;
		System.arraycopy(shape, 0, batch, 1, shape.length);
		return Noise.of(shape[0]).randn(DType.FLOAT32, batch);
	}

	private static float[] call(final UNet2DConditionModel unet, final Tensor sample, final Conditioning conditioning) {
		try (Scope scope = Scope.open()) {
			return unet.predict(sample, Tensor.of(new float[] { 500 }, 1), conditioning).toFloatArray();
		}
	}

	/** Looks every few milliseconds how much memory this process has besides mapped files. */
	private static void watch() {
		try {
			while (true) {
				peak = Math.max(peak, PeakMemory.Resident.now().anonymous());
				Thread.sleep(20);
			}
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	/** Relative to the first result that was kept. */
	private static double difference(final float[] result, final Path kept) throws IOException {
		if (!Files.exists(kept)) Files.write(kept, IntStream.range(0, result.length).mapToObj(i -> Float.toString(result[i])).toList());
		double off = 0;
		double all = 0;
		int i = 0;
		for (final String line : Files.readAllLines(kept)) {
			final double right = Float.parseFloat(line);
			off += (right - result[i]) * (right - result[i]);
			all += right * right;
			i++;
		}
		return Math.sqrt(off / all);
	}
}
