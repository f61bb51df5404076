package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Weights in several files; where there is an index ({@code *.safetensors.index.json}, key {@code weight_map}), it assigns each tensor to a file. */
final class ShardedWeights implements Weights {

	private final String source;
	private final Map<String, Weights> shardOf = new LinkedHashMap<>();

	private ShardedWeights(final String source) {
		this.source = source;
	}

	/**
	 * @param index the index file
	 * @param opener opens a shard by its file name; names with folders in them never reach it
	 */
	static ShardedWeights open(final Path index, final Function<String, ? extends Weights> opener) {
		final Config config = Config.read(index);
		final ShardedWeights weights = new ShardedWeights(config.source());
		if (!config.json().has("weight_map")) throw new DiffEditException(config.source() + " has no weight_map; the file is damaged.");
		final Map<String, Weights> shards = new LinkedHashMap<>();
		final Config map = config.getConfig("weight_map");
		for (final Map.Entry<String, JsonElement> entry : map.json().entrySet()) {
			final String file = plainName(map, map.getString(entry.getKey(), ""));
			final Weights shard = shards.computeIfAbsent(file, opener::apply);
			if (!shard.has(entry.getKey())) {
				throw new DiffEditException(config.source() + " looks for '" + entry.getKey() + "' in " + file
					+ ", which has no such tensor; index and shards do not belong together.");
			}
			weights.shardOf.put(entry.getKey(), shard);
		}
		shards.values().forEach(shard -> shard.names().forEach(name -> weights.shardOf.putIfAbsent(name, shard)));   // as diffusers, which reads shards whole
		return weights;
	}

	/** What several weights hold together; of a name that more than one has, the first counts. */
	static ShardedWeights of(final String source, final Weights... shards) {
		final ShardedWeights weights = new ShardedWeights(source);
		for (final Weights shard : shards) shard.names().forEach(name -> weights.shardOf.putIfAbsent(name, shard));
		return weights;
	}

	private static String plainName(final Config map, final String file) {
		if (!file.isEmpty() && !file.contains("/") && !file.contains("\\") && !file.equals("..") && !file.equals(".")) return file;
		throw new DiffEditException(map.source() + " names the shard '" + file + "', which is not a file in its own folder; such models are not opened.");
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(shardOf.keySet());
	}

	@Override
	public long[] shape(final String name) {
		return shard(name).shape(name);
	}

	@Override
	public DType dtype(final String name) {
		return shard(name).dtype(name);
	}

	@Override
	public Tensor get(final String name) {
		return shard(name).get(name);
	}

	@Override
	public String source() {
		return source;
	}

	private Weights shard(final String name) {
		final Weights shard = shardOf.get(name);
		if (shard == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return shard;
	}
}
