package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.FiniteAutoencoder;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.ModelFolder;

/** What autoencoders promise besides diffusers' numbers. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class AutoencoderTest {

	private ModelFolder folder;

	@BeforeEach
	void open() {
		folder = ModelFolder.open(GoldenCase.model("sd1/vae"));
	}

	@AfterEach
	void close() {
		folder.close();
	}

	private AutoencoderKL load(final String changes, final DType dtype) {
		final JsonObject json = folder.config(ModelFolder.WHOLE).json().deepCopy();
		JsonParser.parseString(changes).getAsJsonObject().asMap().forEach(json::add);
		return new AutoencoderKL(AutoencoderKLConfig.of(new Config("vae/config.json", json)), folder.weights(ModelFolder.WHOLE), dtype);
	}

	private static void says(final String words, final Runnable action) {
		final String message = assertThrows(DiffEditException.class, action::run).getMessage();
		assertTrue(message.contains(words), message);
	}

	@Test
	void scalesTheLatentsAsTheConfigSays() {
		final Tensor latents = Tensor.of(new float[] { 1, 2, 3, 4 }, 1, 4, 1, 1);
		try (Autoencoder plain = load("{\"scaling_factor\": 0.5}", DType.FLOAT32);
			Autoencoder shifted = load("{\"scaling_factor\": 0.5, \"shift_factor\": 1}", DType.FLOAT32);
			Autoencoder perChannel = load("{\"scaling_factor\": 0.5, \"latents_mean\": [0, 1, 2, 3], \"latents_std\": [1, 2, 4, 1]}", DType.FLOAT32))
		{
			assertArrayEquals(new float[] { .5f, 1, 1.5f, 2 }, plain.scale(latents).toFloatArray());
			assertArrayEquals(new float[] { 0, .5f, 1, 1.5f }, shifted.scale(latents).toFloatArray());
			assertArrayEquals(new float[] { .5f, .25f, .125f, .5f }, perChannel.scale(latents).toFloatArray());
			for (final Autoencoder vae : List.of(plain, shifted, perChannel)) {
				assertArrayEquals(latents.toFloatArray(), vae.unscale(vae.scale(latents)).toFloatArray());
				assertEquals(8, vae.scaleFactor());
			}
		}
	}

	@Test
	void samplesAreMeanPlusStandardDeviationTimesNoise() {
		final DiagonalGaussian gaussian = DiagonalGaussian.of(Tensor.of(new float[] { 1, 2, 0, 100 }, 1, 4, 1, 1));
		assertArrayEquals(new float[] { 0, 20 }, gaussian.logvar().toFloatArray());
		assertArrayEquals(new float[] { 1, 2 }, gaussian.mode().toFloatArray());
		final Tensor noise = Tensor.of(new float[] { 3, -1 }, 1, 2, 1, 1);
		Rounding.assertClose(new float[] { 4, 2 - (float) Math.exp(10) }, gaussian.sample(noise).toFloatArray(), 0.01);
		assertArrayEquals(new long[] { 1, 2, 1, 1 }, gaussian.shape());
		final DiagonalGaussian certain = DiagonalGaussian.certain(noise);
		assertTrue(certain.isCertain());
		assertArrayEquals(noise.toFloatArray(), certain.sample(noise.plus(1)).toFloatArray());
		assertArrayEquals(noise.shape(), certain.shape());
	}

	@Test
	void configsThatCannotBeServedAreTold() {
		says("UpDecoderBlock2D", () -> load("{\"up_block_types\": [\"AttnUpDecoderBlock2D\"]}", DType.FLOAT32));
		says("act_fn", () -> load("{\"act_fn\": \"mish\"}", DType.FLOAT32));
		says("norm_num_groups", () -> load("{\"norm_num_groups\": 5}", DType.FLOAT32));
		says("latents_std", () -> load("{\"latents_mean\": [0, 0, 0, 0]}", DType.FLOAT32));
		says("in shape", () -> load("{\"block_out_channels\": [8, 8, 16, 32]}", DType.FLOAT32));
		says("no tensor 'encoder.down_blocks.0.resnets.1", () -> load("{\"layers_per_block\": 2}", DType.FLOAT32));
	}

	@Test
	void wrongShapesAreTold() {
		try (Autoencoder vae = load("{}", DType.FLOAT32)) {
			says("autoencoder needs (batch, 3, height, width)", () -> vae.encode(Tensor.zeros(DType.FLOAT32, 1, 1, 16, 16)));
			says("at least 8 x 8", () -> vae.encode(Tensor.zeros(DType.FLOAT32, 1, 3, 7, 16)));
			says("latents belong to the model", () -> vae.decode(Tensor.zeros(DType.FLOAT32, 1, 16, 8, 8)));
		}
	}

	@Test
	void slicesOfTilesMeetWithoutSeams() {
		try (Autoencoder vae = load("{}", DType.FLOAT32)) {
			final Tensor smooth = Tensor.full(0.2, DType.FLOAT32, 2, 4, 13, 11);
			final Tiling tiling = Tiling.ofPixels(67, vae);
			assertEquals(new Tiling(64, 8, 0.25), tiling);
			final Tensor both = new SlicedAutoencoder(new TiledAutoencoder(vae, tiling)).decode(smooth);
			assertArrayEquals(new long[] { 2, 3, 104, 88 }, both.shape());
			final Tensor tiled = new TiledAutoencoder(vae, tiling).decode(smooth);
			Rounding.assertClose(tiled.toFloatArray(), both.toFloatArray(), 2e-5);
			assertEquals(new Tiling(128, 16, 0.25), Tiling.of(vae));
			assertEquals(new Tiling(32, 4, 0.25), Tiling.ofPixels(48, vae), "a quarter of 6 latents would not fit");
		}
	}

	@Test
	void tinyAutoencodersAreTiledToo() {
		try (ModelFolder tiny = ModelFolder.open(GoldenCase.model("taesd"));
			Autoencoder vae = new AutoencoderTiny(AutoencoderTinyConfig.of(tiny.config(ModelFolder.WHOLE)), tiny.weights(ModelFolder.WHOLE), DType.FLOAT32))
		{
			final Tensor image = Generator.of(3).rand(DType.FLOAT32, 1, 3, 208, 136);
			final DiagonalGaussian tiled = new TiledAutoencoder(vae, Tiling.ofPixels(96, vae)).encode(image);
			assertTrue(tiled.isCertain());
			final Tensor whole = vae.encode(image).mean();
			assertArrayEquals(whole.shape(), tiled.mean().shape());
			assertTrue(whole.minus(tiled.mean()).abs().mean().toFloat() < 0.1f);
		}
	}

	@Test
	void tilesThatCannotMeetAreTold() {
		says("overlap", () -> new Tiling(64, 8, 1));
		says("overlap", () -> new Tiling(64, 8, Double.NaN));
		says("larger tiles", () -> new Tiling(8, 1, 0.5));
	}

	@Test
	void packedWeightsGiveTheSame() {
		try (Autoencoder plain = load("{}", DType.FLOAT32); Autoencoder packed = load("{}", DType.FLOAT32)) {
			assumeTrue(PackedWeights.attach(packed, 0));
			final Tensor image = Generator.of(2).rand(DType.FLOAT32, 1, 3, 64, 48);
			final Tensor latents = plain.encode(image).mean();
			for (int i = 0; i < 2; i++) {
				Rounding.assertClose(latents.toFloatArray(), packed.encode(image).mean().toFloatArray(), 1e-4);
				Rounding.assertClose(plain.decode(latents).toFloatArray(), packed.decode(latents).toFloatArray(), 1e-4);
			}
		}
	}

	@Test
	void halfPrecisionThatOverflowsIsComputedAgainIn32Bits() {
		final List<String> notices = new ArrayList<>();
		final AtomicBoolean overflowed = new AtomicBoolean();
		try (AutoencoderKL half = load("{\"force_upcast\": false}", DType.FLOAT16); AutoencoderKL full = load("{}", DType.FLOAT32);
			PreciseAutoencoder vae = new PreciseAutoencoder(half, full, overflowed, notices::add))
		{
			final Tensor latents = Generator.of(1).randn(DType.FLOAT32, 1, 4, 8, 8);
			assertEquals(DType.FLOAT16, vae.decode(latents).dtype());
			assertFalse(vae.isUpcast());
			assertEquals(List.of(), notices);
			overflow(half.blocks().get(half.blocks().size() - 1));
			final Tensor again = vae.decode(latents);
			assertTrue(vae.isUpcast());
			assertTrue(notices.size() == 1 && notices.get(0).contains("float16") && notices.get(0).contains("float32"), notices.toString());
			assertEquals(DType.FLOAT32, again.dtype());
			assertArrayEquals(full.decode(latents).toFloatArray(), again.toFloatArray());
			assertFalse(half.blocks().get(0).isLoaded());
			assertTrue(overflowed.get());
			assertTrue(new PreciseAutoencoder(half, full, overflowed, notices::add).isUpcast());
			assertEquals(DType.FLOAT32, vae.encode(Tensor.zeros(DType.FLOAT32, 1, 3, 8, 8)).parameters().dtype());
		}
	}

	/** Makes the last bias infinite, as an overflow on the way would. */
	private static void overflow(final Block block) {
		try (Scope inner = Scope.open()) {
			final var tensors = block.load();
			tensors.put("conv_out.bias", tensors.get("conv_out.bias").plus(1e6));
			block.replace(tensors);
		}
	}

	@Test
	void theConfigMayAskFor32BitsFromTheStart() {
		try (AutoencoderKL half = load("{}", DType.FLOAT16); AutoencoderKL full = load("{}", DType.FLOAT32)) {
			assertTrue(new PreciseAutoencoder(half, full, new AtomicBoolean(), notice -> {}).isUpcast());
		}
		try (AutoencoderKL half = load("{}", DType.BFLOAT16); AutoencoderKL full = load("{}", DType.FLOAT32)) {
			final PreciseAutoencoder vae = new PreciseAutoencoder(half, full, new AtomicBoolean(), notice -> {});
			assertFalse(vae.isUpcast());
			assertSame(half, vae.inner());
			final Tensor notFinite = Tensor.full(Double.NaN, DType.FLOAT32, 1, 4, 8, 8);
			says("input of the autoencoder contains", () -> new FiniteAutoencoder(vae).decode(notFinite));
			assertFalse(vae.isUpcast());
		}
	}
}
