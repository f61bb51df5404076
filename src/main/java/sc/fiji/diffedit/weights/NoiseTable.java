package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;

/**
 * A noise schedule as trainers leave it in a file with a UNet, in one of its forms ({@link NoiseTableKind}). Nothing here computes with it; the
 * scheduler's config has the schedule that counts.
 *
 * @param source the file, for messages
 * @param name of the tensor
 * @param kind what its numbers are
 * @param type in which they are stored
 * @param values a number for each training timestep; empty where the tensor is no list of numbers, so that nothing can be compared
 */
public record NoiseTable(String source, String name, NoiseTableKind kind, DType type, float[] values) {

	private static final int MOST = 1_000_000;
	/** Sigmas and their like above this are those of noise alone, which some write as infinite and others as large. */
	private static final double NOISE_ALONE = 300;

	/**
	 * The tables in the file that holds a model's UNet; none in a folder.
	 *
	 * @throws DiffEditException if a table has more timesteps than can be
	 */
	public static List<NoiseTable> of(final ModelFolder model) {
		return model.unetFile().map(NoiseTable::of).orElse(List.of());
	}

	private static List<NoiseTable> of(final WeightsFile file) {
		return file.names().stream().sorted().flatMap(name -> NoiseTableKind.of(name).map(kind -> read(file, name, kind)).stream()).toList();
	}

	private static NoiseTable read(final WeightsFile file, final String name, final NoiseTableKind kind) {
		final DType type = file.dtype(name);
		final long[] shape = file.shape(name);
		final long timesteps = Arrays.stream(shape).max().orElse(0);
		if (timesteps > MOST) throw new DiffEditException(file.source() + " has '" + name + "' with " + Counted.of(timesteps, "timestep") + ", more than " + MOST + "; download or copy it again.");
		final boolean isList = timesteps > 1 && timesteps == QuantisedTensor.count(shape) && type.isFloatingPoint() && file.quantised(name).isEmpty();
		if (!isList) return new NoiseTable(file.source(), name, kind, type, new float[0]);
		try (Scope scope = Scope.open()) {
			return new NoiseTable(file.source(), name, kind, type, file.get(name).to(DType.FLOAT32).toFloatArray());
		}
	}

	/**
	 * How it differs from the schedule that is used, as the end of a sentence; empty where the two agree as well as the stored type can tell.
	 *
	 * @param alphasCumprod share of the clean sample's variance that is left at each training timestep
	 */
	public Optional<String> difference(final float[] alphasCumprod) {
		if (values.length == 0) return Optional.of("is no list of floating point numbers and cannot be compared with that of the model's scheduler");
		if (values.length != alphasCumprod.length) return Optional.of("has " + Counted.of(values.length, "timestep") + ", not " + alphasCumprod.length + " as the model's scheduler");
		final float[] wanted = kind.of(alphasCumprod);
		final boolean falling = kind == NoiseTableKind.SIGMAS && values[0] > values[values.length - 1]; // some write them from the most noise to the least
		for (int i = 0; i < wanted.length; i++) {
			final float value = values[falling ? values.length - 1 - i : i];
			if (!isClose(value, wanted[i])) return Optional.of(String.format(Locale.ROOT, "has %.4g at timestep %d, not %.4g as the model's scheduler", value, i, wanted[i]));
		}
		return Optional.empty();
	}

	private boolean isClose(final float value, final float wanted) {
		if (Math.min(value, wanted) > NOISE_ALONE) return true;
		return Math.abs(value - wanted) <= relative() * Math.abs(wanted) + absolute();
	}

	/** Somewhat more than half a unit in the last place: tables were often made from betas in that type, or cast to 32 bits afterwards. */
	private double relative() {
		return switch (type) {
			case FLOAT8_E5M2 -> 0.13;
			case FLOAT8_E4M3FN -> 0.07;
			case BFLOAT16 -> 1e-2;
			default -> 2e-3;
		};
	}

	/** Half the distance of the smallest numbers that 8 bits have; otherwise for the end of schedules that end in noise alone, or nearly. */
	private double absolute() {
		return type == DType.FLOAT8_E4M3FN ? 1e-3 : 1e-5;
	}
}
