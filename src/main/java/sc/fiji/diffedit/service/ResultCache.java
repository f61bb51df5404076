package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.KeptResults;
import sc.fiji.diffedit.pipelines.ResultKey;
import sc.fiji.diffedit.tensor.Numbers;

/**
 * What the models have answered, kept in plain Java arrays for the next time: encoded images and prompts, inversions, the
 * predictions and maps that masks are made from. A key holds everything that can change an answer, so a kept one is the same
 * to the last bit as a fresh one: image, prompts, all parameters, and the model with its files, adapters, element type and
 * device. When there are too many bytes, those that nobody asked for the longest go first. In Groovy:
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * models.results().entries().each { println it }
 * models.results().clear()
 * }</pre>
 *
 * Who changes the weights of a network by hand ({@code Block.replace}) clears it, or switches it off with limit 0.
 */
public final class ResultCache {

	/** Mebibytes to keep at most; 0 keeps nothing. */
	public static final String PROPERTY = "diffedit.resultCache";

	private static final long MEBIBYTE = 1L << 20;
	private static final long MOST = 1024 * MEBIBYTE;
	/** The part of Java's memory to be used unless the property says more. */
	private static final int SHARE = 8;
	/** Roughly what an entry takes besides its numbers. */
	private static final long OVERHEAD = 512;

	private final Map<Place, Kept> entries = new LinkedHashMap<>(16, 0.75f, true);
	private long limit;
	private long bytes;

	/**
	 * One kept answer.
	 *
	 * @param kind what it is, such as {@code inversion}
	 * @param model name of the model that gave it
	 * @param label what it was made from
	 * @param bytes its size in memory
	 * @param uses how often it has stood in for a computation
	 */
	public record Entry(String kind, String model, String label, long bytes, int uses) {

		@Override
		public String toString() {
			return String.format("%s of %s (%s): %.1f MB, used %s", kind, label, model, bytes / 1e6, uses == 1 ? "once" : uses + " times");
		}
	}

	/** Where an answer lies: what it depends on, and the identity of the model. */
	private record Place(ResultKey key, String model) {}

	private static final class Kept {

		private final List<Numbers> numbers;
		private final String model;
		private final long bytes;
		private int uses;

		Kept(final List<Numbers> numbers, final String model) {
			this.numbers = List.copyOf(numbers);
			this.model = model;
			this.bytes = OVERHEAD + numbers.stream().mapToLong(Numbers::bytes).sum();
		}
	}

	ResultCache(final long limit) {
		this.limit = limit;
	}

	/** With the limit of the system property {@value #PROPERTY}, or an eighth of Java's memory and at most a gibibyte. */
	static ResultCache ofSettings() {
		final String asked = System.getProperty(PROPERTY, "").strip();
		if (asked.isEmpty()) return new ResultCache(Math.min(MOST, Runtime.getRuntime().maxMemory() / SHARE));
		if (asked.matches("[0-9]{1,7}")) return new ResultCache(Long.parseLong(asked) * MEBIBYTE);
		throw new DiffEditException("-D" + PROPERTY + " is '" + asked + "'; it takes a number of mebibytes, 0 to keep nothing.");
	}

	// -- what users see --

	/** What is kept, that which goes first at the beginning. */
	public synchronized List<Entry> entries() {
		final List<Entry> list = new ArrayList<>();
		entries.forEach((place, kept) -> list.add(new Entry(place.key.kind().toString(), kept.model, place.key.label(), kept.bytes, kept.uses)));
		return list;
	}

	/** Size of everything that is kept. */
	public synchronized long bytes() {
		return bytes;
	}

	/** The most that is kept. */
	public synchronized long limit() {
		return limit;
	}

	/** Changes the most that is kept, and lets go of what is too much now; 0 switches the cache off. */
	public synchronized void setLimit(final long bytes) {
		if (bytes < 0) throw new DiffEditException("The limit of kept results is " + bytes + " bytes; it must be 0 or more.");
		limit = bytes;
		shrink(limit);
	}

	/** Lets go of everything. */
	public synchronized void clear() {
		shrink(0);
	}

	/**
	 * Lets go of some results because the memory is needed, beginning with those that nobody asked for the longest.
	 *
	 * @param wanted bytes to be freed, if there are as many
	 * @return bytes freed
	 */
	public synchronized long free(final long wanted) {
		final long before = bytes;
		shrink(Math.max(0, bytes - wanted));
		return before - bytes;
	}

	private void shrink(final long most) {
		final Iterator<Kept> oldest = entries.values().iterator();
		while (bytes > most && oldest.hasNext()) {
			bytes -= oldest.next().bytes;
			oldest.remove();
		}
	}

	// -- what pipelines see --

	/**
	 * The results of one model.
	 *
	 * @param name how the user calls it
	 * @param identity everything about a model that can change a result of the kind
	 */
	KeptResults of(final String name, final Identity identity) {
		return new KeptResults() {

			@Override
			public List<Numbers> find(final ResultKey key) {
				return ResultCache.this.find(new Place(key, identity.of(key.kind())));
			}

			@Override
			public void keep(final ResultKey key, final List<Numbers> numbers) {
				ResultCache.this.keep(new Place(key, identity.of(key.kind())), new Kept(numbers, name));
			}
		};
	}

	/** What a model is, as far as it matters for a kind of result. */
	@FunctionalInterface
	interface Identity {

		String of(ResultKey.Kind kind);
	}

	private synchronized List<Numbers> find(final Place place) {
		final Kept kept = entries.get(place);
		if (kept == null) return List.of();
		kept.uses++;
		return kept.numbers;
	}

	private synchronized void keep(final Place place, final Kept kept) {
		final Kept before = entries.remove(place);
		if (before != null) bytes -= before.bytes;
		if (kept.bytes > limit) return;
		entries.put(place, kept);
		bytes += kept.bytes;
		shrink(limit);
	}
}
