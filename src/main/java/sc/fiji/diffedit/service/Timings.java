package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.CacheRecord;
import sc.fiji.diffedit.UserFolders;

/**
 * Measured durations on this machine: seconds per batch row, by component and image size, each the median of the last
 * measurements, so that single ones of a busy machine do not count. Stored in a small file for later processes; without the file they
 * are measured again. Thread-safe.
 */
final class Timings {

	private static final Logger LOG = LoggerFactory.getLogger(Timings.class);
	/** How many of the last measurements are kept. */
	private static final int LAST = 5;
	/** Smaller relative changes are not written to the file. */
	private static final double WORTH_WRITING = 0.1;

	private static Timings ofMachine;

	private final CacheRecord record;
	/** The last measurements in seconds, newest last, by component and size in pixels. */
	private final Map<String, TreeMap<Long, List<Double>>> seconds = new TreeMap<>();
	private boolean changed;

	/** @param file created at the first measurement */
	Timings(final Path file) {
		this.record = new CacheRecord(file);
		read();
	}

	/** The timings in the plugin's cache folder. */
	static synchronized Timings ofMachine() {
		if (ofMachine == null) ofMachine = new Timings(UserFolders.cache().resolve("timings.properties"));
		return ofMachine;
	}

	/**
	 * Adds a measurement.
	 *
	 * @param what was measured: a model component with data type and device
	 * @param pixels of the row
	 * @param first whether it was the first of its kind in this process, which includes loading and packing weights; later
	 *          measurements replace it
	 */
	synchronized void measured(final String what, final long pixels, final double time, final boolean first) {
		final List<Double> last = seconds.computeIfAbsent(what, w -> new TreeMap<>()).computeIfAbsent(pixels, size -> new ArrayList<>());
		final boolean known = !last.isEmpty();
		if (known && first) return;
		final double before = known ? median(last) : 0;
		last.add(time);
		if (last.size() > LAST) last.remove(0);
		changed |= Math.abs(median(last) - before) > WORTH_WRITING * before;
	}

	/** Of two in the middle the shorter: other work and packing make times longer, nothing makes them shorter. */
	private static double median(final List<Double> times) {
		return times.stream().sorted().skip((times.size() - 1) / 2).findFirst().orElseThrow();
	}

	/**
	 * Seconds for one row: the median of the last measurements, or extrapolated from the nearest measured size.
	 *
	 * @param cost for a number of pixels, used to scale a measurement of another size
	 * @return empty if no size was measured
	 */
	synchronized OptionalDouble of(final String what, final long pixels, final DoubleUnaryOperator cost) {
		return seconds.getOrDefault(what, new TreeMap<>()).entrySet().stream()
			.min((a, b) -> Double.compare(distance(a.getKey(), pixels), distance(b.getKey(), pixels)))
			.map(near -> OptionalDouble.of(median(near.getValue()) * cost.applyAsDouble(pixels) / cost.applyAsDouble(near.getKey()))).orElse(OptionalDouble.empty());
	}

	private static double distance(final long one, final long other) {
		return Math.abs(Math.log((double) one / other));
	}

	/** Writes changes. */
	synchronized void save() {
		if (!changed) return;
		changed = false;
		final Map<String, String> all = new TreeMap<>();
		seconds.forEach((what, sizes) -> sizes.forEach((pixels, last) -> all.put(what + " " + pixels,
			last.stream().map(Object::toString).collect(Collectors.joining(" ")))));
		record.write(all, "Seconds that this machine took for one row of so many pixels, the newest last");
	}

	private void read() {
		final Properties all = record.read();
		try {
			for (final String name : all.stringPropertyNames()) {
				final int end = name.lastIndexOf(' ');
				final List<Double> last = new ArrayList<>(Arrays.stream(all.getProperty(name).split(" ")).map(Double::valueOf).toList());
				last.removeIf(time -> !(time > 0 && time < Double.MAX_VALUE));
				if (!last.isEmpty()) seconds.computeIfAbsent(name.substring(0, end), w -> new TreeMap<>()).put(Long.parseLong(name.substring(end + 1)), last);
			}
		}
		catch (final RuntimeException e) {
			LOG.debug("{} holds something else than timings: {}", record.file(), e.toString()); // measured again
		}
	}
}
