package sc.fiji.diffedit.pipelines;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;

/**
 * Settings of requests under a name, such as few steps for a quick look. It sets what it names and leaves the rest:
 *
 * <pre>{@code
 * MaskRequest ask = RequestPresets.named("draft").on(MaskRequest.between("green nuclei", "cyan nuclei"));
 * }</pre>
 *
 * @param name as forms and macros call it
 * @param description what it is good for, in a sentence
 * @param values by the keys that macros use, in their order: numbers (Double), ticks (Boolean) and texts (String)
 * @param ofWholeImages what takes the place of these values where whole images are made, without masks of two descriptions: those need more steps
 */
public record RequestPreset(String name, String description, Map<String, Object> values, Map<String, Object> ofWholeImages) {

	/** What a preset may set, in the order of its keys, and of which kind that is. Descriptions, seeds, images and models are no matter of a preset. */
	public static final Map<String, Class<?>> KEYS = keys();

	private static Map<String, Class<?>> keys() {
		final Map<String, Class<?>> keys = new TreeMap<>();
		for (final String number : new String[] { "maps", "noise", "thresholdLevel", "thresholdRatio", "steps", "strength", "guidance", "guidanceStart", "guidanceStop", "guidanceRescale", "eta", "clipSkip", "smoothMap", "holes",
			"smallest", "grow", "feather", "blur", "margin", "inversionRounds", "cacheInterval", "cacheBranch" }) keys.put(number, Double.class);
		for (final String tick : new String[] { "smooth", "crop", "untilStable" }) keys.put(tick, Boolean.class);
		for (final String text : new String[] { "memory", "heatFrom", "maskRefinement", "threshold", "inversion", "maskUse" }) keys.put(text, String.class);
		return Collections.unmodifiableMap(keys);
	}

	/** @throws DiffEditException if it sets something else, or something of another kind */
	public RequestPreset {
		ofWholeImages = new TreeMap<>(ofWholeImages);
		values.forEach((key, value) -> {
			final Class<?> kind = KEYS.get(key);
			if (kind == null) throw new DiffEditException("The preset " + name + " sets '" + key + "', which is no setting of presets; these are " + String.join(", ", KEYS.keySet()) + ".");
			if (kind.isInstance(value)) return;
			throw new DiffEditException("The preset " + name + " sets " + key + " to '" + value + "'; write "
				+ (kind == Double.class ? "a number" : kind == Boolean.class ? "true or false" : "a text in quotation marks") + ".");
		});
		values = new TreeMap<>(values);
		if (values.containsKey("thresholdRatio")) values.putIfAbsent("threshold", Threshold.RATIO);
	}

	/** The same values for everything. */
	public RequestPreset(final String name, final String description, final Map<String, Object> values) {
		this(name, description, values, Map.of());
	}

	/** The values as macros write them. */
	public Map<String, String> texts() {
		final Map<String, String> texts = new LinkedHashMap<>();
		values.forEach((key, value) -> texts.put(key, value instanceof Double ? value.toString().replaceFirst("\\.0$", "") : value.toString()));
		return texts;
	}

	/** The same for what knows no masks of two descriptions: a strength that goes with such a mask is not meant for it. */
	public RequestPreset withoutMasks() {
		final Map<String, Object> rest = new LinkedHashMap<>(values);
		if (values.containsKey("heatFrom") || values.containsKey("maskRefinement")) rest.remove("strength");
		rest.putAll(ofWholeImages);
		return new RequestPreset(name, description, rest);
	}

	// -- requests; each checks its numbers when it runs --

	/** The request with these settings. Guidance is that of edits, and masks have their own. */
	public MaskRequest on(final MaskRequest request) {
		MaskRequest with = whole(request, "maps", MaskRequest::withNumMapsPerMask);
		if (values.containsKey("untilStable")) with = with.withUntilStable((Boolean) values.get("untilStable"));
		with = number(with, "noise", MaskRequest::withMaskEncodeStrength);
		with = word(with, "heatFrom", MaskSource.values(), MaskSource::word, MaskRequest::withMaskSource);
		with = word(with, "maskRefinement", MaskRefinement.values(), MaskRefinement::word, MaskRequest::withMaskRefinement);
		if (values.containsKey("threshold") || values.containsKey("thresholdLevel")) {
			with = with.withThreshold(Threshold.named((String) values.getOrDefault("threshold", Threshold.TOP), of("thresholdLevel").orElse(Threshold.Top.USUAL.part()),
				of("thresholdRatio").orElse(request.maskThresholdingRatio())));
		}
		with = whole(with, "steps", MaskRequest::withNumInferenceSteps);
		return whole(with, "clipSkip", MaskRequest::withClipSkip);
	}

	/** The request with these settings; it goes as far towards noise as the edit. */
	public InvertRequest on(final InvertRequest request) {
		InvertRequest with = whole(request, "steps", InvertRequest::withNumInferenceSteps);
		with = number(with, "strength", InvertRequest::withInpaintStrength);
		with = word(with, "inversion", InversionMethod.values(), InversionMethod::word, InvertRequest::withInversionMethod);
		with = whole(with, "inversionRounds", InvertRequest::withInversionRounds);
		with = with.withDeepCache(cache(with.deepCache()));
		return whole(with, "clipSkip", InvertRequest::withClipSkip);
	}

	public EditRequest on(final EditRequest request) {
		EditRequest with = whole(request, "steps", EditRequest::withNumInferenceSteps);
		with = number(with, "strength", EditRequest::withInpaintStrength);
		with = number(with, "guidance", EditRequest::withGuidanceScale);
		with = with.withGuidanceInterval(interval(with.guidanceInterval())).withDeepCache(cache(with.deepCache()));
		with = number(with, "eta", EditRequest::withEta);
		with = word(with, "maskUse", MaskUse.values(), MaskUse::word, EditRequest::withMaskUse);
		return whole(with, "clipSkip", EditRequest::withClipSkip);
	}

	public TextToImageRequest on(final TextToImageRequest request) {
		TextToImageRequest with = withoutMasks().whole(request, "steps", TextToImageRequest::withNumInferenceSteps);
		with = number(with, "guidance", TextToImageRequest::withGuidanceScale);
		with = with.withGuidanceInterval(interval(with.guidanceInterval())).withDeepCache(cache(with.deepCache()));
		with = number(with, "guidanceRescale", TextToImageRequest::withGuidanceRescale);
		with = number(with, "eta", TextToImageRequest::withEta);
		return whole(with, "clipSkip", TextToImageRequest::withClipSkip);
	}

	public ImageToImageRequest on(final ImageToImageRequest request) {
		final RequestPreset own = withoutMasks();
		ImageToImageRequest with = own.whole(request, "steps", ImageToImageRequest::withNumInferenceSteps);
		with = own.number(with, "strength", ImageToImageRequest::withStrength);
		with = number(with, "guidance", ImageToImageRequest::withGuidanceScale);
		with = with.withGuidanceInterval(interval(with.guidanceInterval())).withDeepCache(cache(with.deepCache()));
		with = number(with, "guidanceRescale", ImageToImageRequest::withGuidanceRescale);
		with = number(with, "eta", ImageToImageRequest::withEta);
		return whole(with, "clipSkip", ImageToImageRequest::withClipSkip);
	}

	public InpaintRequest on(final InpaintRequest request) {
		final RequestPreset own = withoutMasks();
		InpaintRequest with = own.whole(request, "steps", InpaintRequest::withNumInferenceSteps);
		with = own.number(with, "strength", InpaintRequest::withStrength);
		with = number(with, "guidance", InpaintRequest::withGuidanceScale);
		with = with.withGuidanceInterval(interval(with.guidanceInterval())).withDeepCache(cache(with.deepCache()));
		with = number(with, "guidanceRescale", InpaintRequest::withGuidanceRescale);
		with = number(with, "eta", InpaintRequest::withEta);
		with = number(with, "blur", InpaintRequest::withMaskBlur);
		with = whole(with, "clipSkip", InpaintRequest::withClipSkip);
		return Boolean.TRUE.equals(values.get("crop")) ? with.withPaddingMaskCrop(OptionalInt.of(of("margin").orElse(32.0).intValue())) : with;
	}

	private GuidanceInterval interval(final GuidanceInterval usual) {
		return new GuidanceInterval(of("guidanceStart").orElse(usual.start()), of("guidanceStop").orElse(usual.stop()));
	}

	private DeepCache cache(final DeepCache usual) {
		return new DeepCache(of("cacheInterval").map(value -> whole("cacheInterval", value)).orElse(usual.cacheInterval()), of("cacheBranch").map(value -> whole("cacheBranch", value)).orElse(usual.cacheBranch()));
	}

	private Optional<Double> of(final String key) {
		return Optional.ofNullable((Double) values.get(key));
	}

	private <R> R number(final R request, final String key, final BiFunction<R, Double, R> with) {
		return of(key).map(value -> with.apply(request, value)).orElse(request);
	}

	private <R, V> R word(final R request, final String key, final V[] known, final Function<V, String> name, final BiFunction<R, V, R> with) {
		final Object word = values.get(key);
		if (word == null) return request;
		return with.apply(request, Arrays.stream(known).filter(value -> name.apply(value).equalsIgnoreCase(word.toString())).findFirst().orElseThrow(() -> new DiffEditException(
			"The preset " + this.name + " sets " + key + " to '" + word + "'; choose one of " + Arrays.stream(known).map(name).collect(Collectors.joining(", ")) + ".")));
	}

	private <R> R whole(final R request, final String key, final BiFunction<R, Integer, R> with) {
		return of(key).map(value -> with.apply(request, whole(key, value))).orElse(request);
	}

	private int whole(final String key, final double value) {
		if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) return (int) value;
		throw new DiffEditException("The preset " + name + " sets " + key + " to " + value + "; write a whole number.");
	}
}
