package sc.fiji.diffedit.weights;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;

/**
 * A noise schedule as trainers leave it in a file with a UNet: {@code alphas_cumprod} or {@code betas}, or in that of Stability AI's later
 * trainer {@code denoiser.sigmas}. Nothing here computes with it; the scheduler's config has the schedule that counts.
 *
 * @param source the file, for messages
 * @param name of the tensor
 * @param alphasCumprod share of the clean sample's variance that is left at each training timestep
 * @param precision how far, relatively, a copy in the file's type may lie from the numbers that were meant
 */
public record NoiseTable(String source, String name, float[] alphasCumprod, double precision) {

	private static final Map<String, UnaryOperator<float[]>> KINDS = Map.of("alphas_cumprod", bars -> bars, "betas", NoiseTable::ofBetas, "denoiser.sigmas", NoiseTable::ofSigmas);
	private static final int MOST = 1_000_000;

	/**
	 * The tables in the file that holds a model's UNet; none in a folder. Numbers of eight bits are too coarse for one.
	 *
	 * @throws DiffEditException if a table has more timesteps than can be
	 */
	public static List<NoiseTable> of(final ModelFolder model) {
		return model.unetFile().map(NoiseTable::of).orElse(List.of());
	}

	private static List<NoiseTable> of(final WeightsFile file) {
		return file.names().stream().filter(name -> KINDS.containsKey(kind(name)) && isTable(file, name)).sorted().map(name -> read(file, name)).toList();
	}

	private static String kind(final String name) {
		return name.startsWith("model.") ? name.substring("model.".length()) : name;
	}

	private static boolean isTable(final WeightsFile file, final String name) {
		final DType type = file.dtype(name);
		return file.quantised(name).isEmpty() && type.isFloatingPoint() && type.bytes() > 1 && file.shape(name).length == 1 && file.shape(name)[0] > 1;
	}

	private static NoiseTable read(final WeightsFile file, final String name) {
		final long timesteps = file.shape(name)[0];
		if (timesteps > MOST) throw new DiffEditException(file.source() + " has '" + name + "' with " + timesteps + " timesteps, more than " + MOST + "; download or copy it again.");
		try (Scope scope = Scope.open()) {
			return new NoiseTable(file.source(), name, KINDS.get(kind(name)).apply(file.get(name).to(DType.FLOAT32).toFloatArray()), file.dtype(name) == DType.BFLOAT16 ? 1e-2 : 2e-3);
		}
	}

	private static float[] ofBetas(final float[] betas) {
		final float[] bars = new float[betas.length];
		double left = 1;
		for (int i = 0; i < bars.length; i++) bars[i] = (float) (left *= 1 - betas[i]);
		return bars;
	}

	/** Some write them from the most noise to the least. */
	private static float[] ofSigmas(final float[] sigmas) {
		final boolean falling = sigmas[0] > sigmas[sigmas.length - 1];
		final float[] bars = new float[sigmas.length];
		for (int i = 0; i < bars.length; i++) {
			final double sigma = sigmas[falling ? bars.length - 1 - i : i];
			bars[i] = (float) (1 / (1 + sigma * sigma));
		}
		return bars;
	}
}
