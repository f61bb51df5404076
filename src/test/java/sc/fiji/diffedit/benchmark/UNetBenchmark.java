package sc.fiji.diffedit.benchmark;

import java.lang.management.ManagementFactory;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.Config;

public final class UNetBenchmark {
	public static void main(final String[] args) {
		Torch.prepareThread();
		final DType dtype = DType.of(args[0]);
		final int size = Integer.parseInt(args[1]);
		final int rounds = Integer.parseInt(args[2]);
		final JsonObject json = JsonParser.parseString("{cross_attention_dim:768}").getAsJsonObject();
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("unet/config.json", json));
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = new UNet2DConditionModel(config, new RandomWeights(config, dtype), dtype)) {
			final Generator generator = Generator.of(1);
			final Tensor sample = generator.randn(dtype, 2, 4, size / 8, size / 8);
			final Conditioning words = Conditioning.of(generator.randn(dtype, 2, 77, 768));
			float[] plain = run("plain", rounds, unet, sample, words);
			PackedWeights.attach(unet, 0);
			float[] packed = run("packed", rounds, unet, sample, words);
			double worst = 0, largest = 0;
			for (int i = 0; i < plain.length; i++) { worst = Math.max(worst, Math.abs(plain[i] - packed[i])); largest = Math.max(largest, Math.abs(plain[i])); }
			System.out.printf("difference %.2e of %.2e%n", worst, largest);
		}
	}
	static float[] run(String name, int rounds, UNet2DConditionModel unet, Tensor sample, Conditioning words) {
		float[] result = null;
		for (int i = 0; i < rounds; i++) {
			final long start = System.nanoTime(), cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
			try (Tensor noise = unet.forward(sample, 481, words)) {
				result = noise.toFloatArray();
			}
			System.out.printf("%s %.3f s (thread %.3f s)%n", name, (System.nanoTime() - start) * 1e-9, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) * 1e-9);
		}
		return result;
	}
}
