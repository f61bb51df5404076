package sc.fiji.diffedit.results;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.tensor.Numbers;

/**
 * Results of networks, cached in plain Java arrays: encoded and decoded images, encoded prompts and
 * predicted noise. The key of a result is a digest of the bytes that went into the call and of the identity of the network, so
 * a cached result equals a new one to the last bit. When there are too many bytes, those that are not expected
 * the longest go first. In Groovy:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * models.results().entries().each { println it }
 * models.results().clear()
 * }</pre>
 *
 * Who changes the weights of a network by hand ({@code Block.replace}) clears it, or switches it off with limit 0. From any
 * thread.
 */
public final class ResultStore {

	private static final long MEBIBYTE = 1L << 20;
	private static final long MOST = 1024 * MEBIBYTE;
	/** The default fraction of Java's heap to be used. */
	private static final int SHARE = 8;
	/** Approximate overhead of an entry in bytes. */
	private static final long OVERHEAD = 512;

	private final Map<String, Result> entries = new LinkedHashMap<>(16, 0.75f, true);
	private long limit;
	private long bytes;

	/**
	 * One cached result.
	 *
	 * @param kind what it is, such as {@code predicted noise}
	 * @param model name of the model that gave it
	 * @param label what it was made from
	 * @param bytes its size in memory
	 * @param uses how often it has replaced a computation
	 */
	public record Entry(String kind, String model, String label, long bytes, int uses) {

		@Override
		public String toString() {
			return String.format("%s of %s (%s): %.1f MB, used %s", kind, label, model, bytes / 1e6, uses == 1 ? "once" : Counted.of(uses, "time"));
		}
	}

	private static final class Result {

		private final List<Numbers> numbers;
		private final Kind kind;
		private final String model;
		private final String label;
		private final long bytes;
		private int uses;

		Result(final List<Numbers> numbers, final Kind kind, final String model, final String label) {
			this.numbers = List.copyOf(numbers);
			this.kind = kind;
			this.model = model;
			this.label = label;
			this.bytes = OVERHEAD + numbers.stream().mapToLong(Numbers::bytes).sum();
		}

		Entry entry() {
			return new Entry(kind.toString(), model, label, bytes, uses);
		}
	}

	/** What is cached. */
	enum Kind {
		/** Mean and variance of an image's latents: the autoencoder's result. */
		ENCODED_IMAGE("encoded image"),
		/** The image of latents. */
		DECODED_IMAGE("decoded image"),
		/** The text encoders' result. */
		ENCODED_PROMPT("encoded prompt"),
		/** The UNet's result. */
		PREDICTED_NOISE("predicted noise");

		private final String words;

		Kind(final String words) {
			this.words = words;
		}

		@Override
		public String toString() {
			return words;
		}
	}

	/** @param limit most bytes that are cached, 0 for none */
	public ResultStore(final long limit) {
		this.limit = limit;
	}

	/** With the limit of the user's settings. */
	public static ResultStore ofSettings() {
		return new ResultStore(limitOf(UserSettings.read()));
	}

	/** The limit in bytes: as it is set, or an eighth of Java's memory and at most a gibibyte. */
	public static long limitOf(final UserSettings settings) {
		return settings.resultCache() >= 0 ? settings.resultCache() * MEBIBYTE : Math.min(MOST, Runtime.getRuntime().maxMemory() / SHARE);
	}

	// -- what users see --

	/** What is cached; the entry that is removed first is at the beginning. */
	public synchronized List<Entry> entries() {
		return entries.values().stream().map(Result::entry).toList();
	}

	/** The same in a line for each kind and model. */
	public List<String> summary() {
		final Map<String, List<Entry>> groups = new TreeMap<>();
		for (final Entry entry : entries()) groups.computeIfAbsent(entry.kind() + " of " + entry.model(), name -> new ArrayList<>()).add(entry);
		final List<String> lines = new ArrayList<>();
		groups.forEach((name, group) -> lines.add(String.format("%s: %d, %.1f MB, used %s", name, group.size(),
			group.stream().mapToLong(Entry::bytes).sum() / 1e6, Counted.of(group.stream().mapToInt(Entry::uses).sum(), "time"))));
		return lines;
	}

	/** Size of all entries in bytes. */
	public synchronized long bytes() {
		return bytes;
	}

	/** The limit in bytes. */
	public synchronized long limit() {
		return limit;
	}

	/** Changes the limit, and removes entries above it; 0 switches the cache off. */
	public synchronized void setLimit(final long bytes) {
		if (bytes < 0) throw new DiffEditException("The limit of the result cache is " + bytes + " bytes; it must be 0 or more.");
		limit = bytes;
		shrink(limit);
	}

	/** Removes all entries. */
	public synchronized void clear() {
		shrink(0);
	}

	/**
	 * Removes entries because their memory is needed, beginning with those that are not expected the longest.
	 *
	 * @param wanted bytes to be freed, if possible
	 * @return bytes freed
	 */
	public synchronized long free(final long wanted) {
		final long before = bytes;
		shrink(Math.max(0, bytes - wanted));
		return before - bytes;
	}

	private void shrink(final long most) {
		final Iterator<Result> oldest = entries.values().iterator();
		while (bytes > most && oldest.hasNext()) {
			bytes -= oldest.next().bytes;
			oldest.remove();
		}
	}

	// -- what caches --

	/**
	 * The results of one network.
	 *
	 * @param model how the user calls the model that it belongs to
	 * @param identity everything about the network that can change a result, evaluated for each call: files, adapters, element
	 *          type, device, kernels
	 * @param sound throws if the network may not have been what it is meant to be: asked after each call, before its answer is
	 *          kept
	 */
	public NetworkResults of(final String model, final Supplier<String> identity, final Runnable sound) {
		return new NetworkResults(this, model, identity, sound);
	}

	/** Whether so many numbers can be kept at all. */
	synchronized boolean hasRoomFor(final long numbers) {
		return OVERHEAD + Float.BYTES * numbers <= limit;
	}

	/** The entry of a key, which must not be modified. */
	synchronized Optional<List<Numbers>> find(final String key) {
		final Result tensors = entries.get(key);
		if (tensors == null) return Optional.empty();
		tensors.uses++;
		return Optional.of(tensors.numbers);
	}

	/** Keeps numbers, in place of what was kept under the key. They must not be changed any more. NaN and infinity are never kept. */
	synchronized void put(final String key, final List<Numbers> numbers, final Kind kind, final String model, final String label) {
		final Result tensors = new Result(numbers, kind, model, label);
		final Result before = entries.remove(key);
		if (before != null) bytes -= before.bytes;
		if (tensors.bytes > limit || !numbers.stream().allMatch(Numbers::areFinite)) return;
		entries.put(key, tensors);
		bytes += tensors.bytes;
		shrink(limit);
	}
}
