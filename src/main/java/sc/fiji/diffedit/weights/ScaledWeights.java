package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Weights in 8 bits with a scale beside each, as ComfyUI writes them: {@code x.weight} times {@code x.scale_weight} or
 * {@code x.weight_scale} is the weight, one scale for all of it or one per output. They are multiplied when they are read. Numbers
 * that other quantisers have taken apart in ways that are not known here are refused by the quantiser's name.
 */
final class ScaledWeights implements Weights {

	private static final String WEIGHT = ".weight";
	private static final String[] SCALES = { ".scale_weight", ".weight_scale" };
	/** For sums in 8 bits, which nothing here does: the scale of a layer's input, and ComfyUI's notes. */
	private static final Pattern OF_INPUTS = Pattern.compile("(.*\\.)?(scale_input|input_scale|scaled_fp8|comfy_quant)");
	private static final Map<String, Pattern> QUANTISERS = quantisers();
	/** A scale of whatever kind. */
	private static final Pattern SCALE = Pattern.compile("[^.]*(scale|zero_?point)[^.]*");

	private final Weights stored;
	private final Map<String, String> scales;
	private final Set<String> names;

	private ScaledWeights(final Weights stored, final Map<String, String> scales) {
		this.stored = stored;
		this.scales = scales;
		this.names = new LinkedHashSet<>(stored.names());
		names.removeAll(scales.values());
		names.removeIf(name -> OF_INPUTS.matcher(name).matches());
	}

	private static Map<String, Pattern> quantisers() {
		final Map<String, Pattern> quantisers = new LinkedHashMap<>();
		quantisers.put("bitsandbytes", Pattern.compile(".*\\.(SCB|weight_format|absmax|quant_map|nested_absmax|nested_quant_map|quant_state\\..*)"));
		quantisers.put("SVDQuant", Pattern.compile(".*\\.(wscales|wtscale|smooth_factor|smooth_factor_orig)"));
		quantisers.put("GPTQ or AWQ", Pattern.compile(".*\\.(qweight|qzeros|g_idx)"));
		quantisers.put("Quanto", Pattern.compile(".*\\.weight\\._(data|scale|shift|packed|zeropoint)"));
		quantisers.put("NVFP4", Pattern.compile(".*\\.weight_scale_2"));
		quantisers.put("HQQ", Pattern.compile(".*\\.W_q"));
		return quantisers;
	}

	/**
	 * The weights with their scales in them.
	 *
	 * @throws DiffEditException if they were quantised in a way that is not known here
	 */
	static Weights of(final Weights stored) {
		refuseQuantised(stored);
		final Map<String, String> scales = new LinkedHashMap<>();
		boolean noted = false;
		for (final String name : stored.names()) {
			noted |= OF_INPUTS.matcher(name).matches();
			for (final String ending : SCALES) {
				if (!name.endsWith(ending)) continue;
				final String weight = name.substring(0, name.length() - ending.length()) + WEIGHT;
				if (stored.has(weight)) scales.put(weight, checked(stored, weight, name));
			}
			refuseOtherScale(stored, name);
		}
		return scales.isEmpty() && !noted ? stored : new ScaledWeights(stored, scales);
	}

	private static void refuseQuantised(final Weights stored) {
		for (final String name : stored.names()) {
			QUANTISERS.forEach((quantiser, pattern) -> {
				if (pattern.matcher(name).matches()) throw refused(stored, "was quantised with " + quantiser + " (it has '" + name + "')");
			});
		}
	}

	private static void refuseOtherScale(final Weights stored, final String name) {
		final int dot = name.lastIndexOf('.');
		if (dot < 0 || !SCALE.matcher(name.substring(dot + 1)).matches() || OF_INPUTS.matcher(name).matches() || !stored.has(name.substring(0, dot) + WEIGHT)) return;
		if (!name.endsWith(SCALES[0]) && !name.endsWith(SCALES[1])) throw refused(stored, "has '" + name + "' beside a weight, a scale of an unknown kind");
	}

	private static String checked(final Weights stored, final String weight, final String scale) {
		if (count(stored, scale) == 1 || stored.shape(weight).length > 0 && count(stored, scale) == stored.size(weight, 0)) {
			if (stored.dtype(scale).isFloatingPoint() && stored.dtype(weight).isFloatingPoint()) return scale;
		}
		throw refused(stored, "has scales '" + scale + "' in shape " + Arrays.toString(stored.shape(scale)) + " for a weight in shape "
			+ Arrays.toString(stored.shape(weight)) + " and type " + stored.dtype(weight) + ", neither one for all of it nor one per output");
	}

	private static long count(final Weights stored, final String name) {
		return Arrays.stream(stored.shape(name)).reduce(1, (a, b) -> a * b);
	}

	private static DiffEditException refused(final Weights stored, final String why) {
		return new DiffEditException(stored.source() + " " + why + ", which cannot be read here; take the model in float32, float16 or bfloat16, or in float8.");
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(names);
	}

	@Override
	public long[] shape(final String name) {
		return stored.shape(name);
	}

	/** 32 bits for a weight with a scale: the product has more digits than the 8 bits hold. */
	@Override
	public DType dtype(final String name) {
		return scales.containsKey(name) ? DType.FLOAT32 : stored.dtype(name);
	}

	@Override
	public Tensor get(final String name) {
		final String scale = scales.get(name);
		if (scale == null) return stored.get(name);
		try (Scope scope = Scope.open()) {
			final Tensor weight = stored.get(name).to(DType.FLOAT32);
			final long[] perOutput = new long[weight.shape().length];
			Arrays.fill(perOutput, 1);
			if (count(stored, scale) > 1) perOutput[0] = weight.size(0);
			return scope.keep(weight.multiply(stored.get(scale).to(DType.FLOAT32).reshape(perOutput)));
		}
	}

	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		return scales.containsKey(name) ? Optional.empty() : stored.quantised(name);
	}

	@Override
	public String source() {
		return stored.source();
	}
}
