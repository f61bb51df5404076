package sc.fiji.diffedit.tensor;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;

/**
 * Ways to compute the same in less time. All are on; to find out whether one of them is to blame for something, start with
 * {@code -Ddiffedit.fastPaths=none}, or with a list of those to be used, such as
 * {@code -Ddiffedit.fastPaths=packed-weights,fast-convolutions}. Results differ by rounding only. Networks look when they are
 * built.
 */
public enum FastPath {

	/** Weights of the UNet in oneDNN's own layouts on CPUs ({@code memory.PackedWeights}). */
	PACKED_WEIGHTS,
	/** Convolutions with fewer multiplications ({@code winograd.torchscript}, {@code doubled.torchscript}), in the UNet only with packed weights. */
	FAST_CONVOLUTIONS,
	/** Attention by products of matrices where that is faster ({@code attention.torchscript}, see {@link KernelChoices}). */
	BLOCKED_ATTENTION,
	/** Keys and values of words are kept from step to step ({@code kept_context.torchscript}); only with packed weights. */
	KEPT_CONTEXT;

	/** The system property that names the ones to use: {@code all}, {@code none} or names with commas between. */
	public static final String PROPERTY = "diffedit.fastPaths";

	/** Whether it is to be used. */
	public boolean isOn() {
		return allOn().contains(this);
	}

	/**
	 * Those to be used.
	 *
	 * @throws DiffEditException if the property holds another word
	 */
	public static Set<FastPath> allOn() {
		return allOn(System.getProperty(PROPERTY, "all"));
	}

	/** @param property {@code all}, {@code none} or names with commas between */
	static Set<FastPath> allOn(final String property) {
		final String setting = property.strip().toLowerCase(Locale.ROOT);
		if (setting.equals("all")) return EnumSet.allOf(FastPath.class);
		final Set<FastPath> on = EnumSet.noneOf(FastPath.class);
		if (setting.equals("none")) return on;
		for (final String word : setting.split(",")) on.add(named(word.strip()));
		return on;
	}

	private static FastPath named(final String word) {
		return Arrays.stream(values()).filter(path -> path.toString().equals(word)).findFirst()
			.orElseThrow(() -> new DiffEditException("-D" + PROPERTY + " names '" + word + "'; it takes all, none, or some of "
				+ Arrays.stream(values()).map(FastPath::toString).collect(Collectors.joining(",")) + "."));
	}

	/** The name in the property, such as {@code packed-weights}. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}
}
