package sc.fiji.diffedit.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.DeepFeatures;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.models.WrappedUNet;
import sc.fiji.diffedit.nn.BasicTransformerBlock;
import sc.fiji.diffedit.results.ResultStore.Kind;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A UNet that caches its predictions. The key is made of a whole call: all its samples, the timestep and all rows
 * of one conditioning. Only conditionings without an answer go to the network, or all where someone listens to its attention. Predictions that may
 * depend on earlier ones, by deep features that are handed on, are not cached.
 */
public final class RememberedUNet extends WrappedUNet {

	private final NetworkResults results;
	/** Digests of conditionings, which are the same from step to step. */
	private final Map<Tensor, String> digests = new WeakHashMap<>();

	public RememberedUNet(final UNet inner, final NetworkResults results) {
		super(inner);
		this.results = results;
	}

	@Override
	public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		if (BasicTransformerBlock.isHeard() || !features.isNone()) return inner().predict(sample, timestep, conditionings, features);
		final String common = results.call(Kind.PREDICTED_NOISE).with(sample).with(timestep).hex();
		final List<String> keys = conditionings.stream().map(conditioning -> key(common, conditioning)).toList();
		final Map<String, Numbers> answers = new LinkedHashMap<>();
		final Map<String, Conditioning> unknown = new LinkedHashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			final String key = keys.get(i);
			final Conditioning conditioning = conditionings.get(i);
			if (answers.containsKey(key) || unknown.containsKey(key)) continue;
			results.find(key).ifPresentOrElse(result -> answers.put(key, result.get(0)), () -> unknown.put(key, conditioning));
		}
		if (!unknown.isEmpty()) answers.putAll(predicted(sample, timestep, unknown));
		return keys.stream().map(key -> answers.get(key).toTensor(sample.device())).toList();
	}

	private Map<String, Numbers> predicted(final Tensor sample, final double timestep, final Map<String, Conditioning> unknown) {
		final String label = "timestep " + Math.round(timestep) + ", " + sample.size(0) + " of " + sample.size(3) + " x " + sample.size(2) + " latents";
		final Map<String, Numbers> answers = new LinkedHashMap<>();
		try (Scope scope = Scope.open()) {
			final List<Tensor> fresh = inner().predict(sample, timestep, new ArrayList<>(unknown.values()));
			for (final String key : unknown.keySet()) answers.put(key, Numbers.of(fresh.get(answers.size())));
		}
		answers.forEach((key, result) -> results.put(key, List.of(result), Kind.PREDICTED_NOISE, label));
		return answers;
	}

	private String key(final String common, final Conditioning conditioning) {
		final CallDigest key = new CallDigest().with(common).with(digest(conditioning.encoderHiddenStates()));
		new TreeMap<>(conditioning.added()).forEach((name, tensor) -> key.with(name).with(digest(tensor)));
		return key.hex();
	}

	private String digest(final Tensor tensor) {
		return digests.computeIfAbsent(tensor, value -> new CallDigest().with(value).hex());
	}
}
