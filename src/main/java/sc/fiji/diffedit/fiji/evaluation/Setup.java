package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleRequests;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.MaskUse;
import sc.fiji.diffedit.pipelines.RequestPreset;

/**
 * A method with settings of its own: one line of the table.
 *
 * @param word method and settings
 * @param settings of the samples, and what is otherwise
 */
record Setup(String word, Method method, Samples.Settings settings) {

	/**
	 * Each method with each value of each setting.
	 *
	 * @param axes values by the keys of {@link RequestPreset}
	 * @throws DiffEditException if there is no such setting, or a value is of another kind
	 */
	static List<Setup> all(final List<Method> methods, final Samples.Settings settings, final Map<String, List<?>> axes) {
		List<Map<String, Object>> choices = List.of(Map.of());
		for (final Map.Entry<String, List<?>> axis : axes.entrySet()) {
			final List<Map<String, Object>> longer = new ArrayList<>();
			for (final Map<String, Object> choice : choices) {
				for (final Object value : axis.getValue()) {
					final Map<String, Object> more = new LinkedHashMap<>(choice);
					more.put(axis.getKey(), value);
					longer.add(more);
				}
			}
			if (!longer.isEmpty()) choices = longer;
		}
		final List<Setup> all = new ArrayList<>();
		for (final Method method : methods) for (final Map<String, Object> choice : choices) all.add(of(method, settings, choice));
		return all;
	}

	private static Setup of(final Method method, final Samples.Settings settings, final Map<String, Object> choice) {
		final RequestPreset preset = settings.preset();
		final Map<String, Object> values = new LinkedHashMap<>(preset.values());
		values.putAll(choice);
		final String words = choice.entrySet().stream().map(one -> one.getKey().equals("strength") ? "strength " + one.getValue() : one.getValue().toString()).collect(Collectors.joining(", "));
		return new Setup(method.word() + (words.isEmpty() ? "" : ", " + words), method, settings.with(new RequestPreset("of the options", preset.description(), values)));
	}

	/** @throws DiffEditException if the method cannot be measured with a value of a setting */
	SampleRequests requests(final Sample sample) {
		final SampleRequests ask = method.requests(sample, settings).with(settings.preset());
		if (method.hasTruth() && ask.edit().maskUse() == MaskUse.SOFT) {
			throw new DiffEditException("The true mask comes without heat that could make it soft; leave " + method.word() + " or " + MaskUse.SOFT.word() + " out.");
		}
		return ask;
	}
}
