package sc.fiji.diffedit.benchmark;

import java.util.ArrayList;
import java.util.List;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
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
		final JsonObject json = new JsonObject();
		json.addProperty("cross_attention_dim", 768);
		if (args.length > 3) { 
			json.add("block_out_channels", com.google.gson.JsonParser.parseString("[32,32,32,32]"));
			json.addProperty("norm_num_groups", 8);
		}
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("unet/config.json", json));
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = new UNet2DConditionModel(config, new RandomWeights(config, dtype), dtype)) {
			final Generator generator = Generator.of(1);
			final Tensor sample = generator.randn(dtype, 2, 4, size / 8, size / 8);
			final Conditioning words = Conditioning.of(generator.randn(dtype, 2, 77, 768));
			for (int i = 0; i < rounds; i++) {
				final long start = System.nanoTime();
				try (Tensor noise = unet.forward(sample, 481, words)) {
					noise.toFloatArray();
				}
				System.out.printf("plain %s %d: %.3f s%n", dtype, size, (System.nanoTime() - start) * 1e-9);
			}
		}
	}
}
