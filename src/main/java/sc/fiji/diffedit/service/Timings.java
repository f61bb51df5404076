package sc.fiji.diffedit.service;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measured durations on this machine: seconds per batch row, by component and image size. Stored in a small file for later
 * processes; without the file they are measured again. Thread-safe.
 */
final class Timings {

	private static final Logger LOG = LoggerFactory.getLogger(Timings.class);
	/** Weight of a new measurement in the running average. */
	private static final double WEIGHT = 0.3;
	/** Smaller relative changes are not written to the file. */
	private static final double WORTH_WRITING = 0.1;

	private static Timings ofMachine;

	private final Path file;
	/** Seconds by component and size in pixels. */
	private final Map<String, TreeMap<Long, Double>> seconds = new TreeMap<>();
	private boolean changed;

	/** @param file created at the first measurement */
	Timings(final Path file) {
		this.file = file;
		read();
	}

	/** The timings in the plugin's cache folder. */
	static synchronized Timings ofMachine() {
		if (ofMachine == null) ofMachine = new Timings(DemoModel.cache().resolve("timings.properties"));
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
		final TreeMap<Long, Double> sizes = seconds.computeIfAbsent(what, w -> new TreeMap<>());
		final Double before = sizes.get(pixels);
		if (before != null && first) return;
		final double kept = before == null ? time : (1 - WEIGHT) * before + WEIGHT * Math.min(time, 10 * before);
		sizes.put(pixels, kept);
		changed |= before == null || Math.abs(kept - before) > WORTH_WRITING * before;
	}

	/**
	 * Seconds for one row, as measured or extrapolated from the nearest measured size.
	 *
	 * @param cost for a number of pixels, used to scale a measurement of another size
	 * @return empty if no size was measured
	 */
	synchronized OptionalDouble of(final String what, final long pixels, final DoubleUnaryOperator cost) {
		return seconds.getOrDefault(what, new TreeMap<>()).entrySet().stream()
			.min((a, b) -> Double.compare(distance(a.getKey(), pixels), distance(b.getKey(), pixels)))
			.map(near -> OptionalDouble.of(near.getValue() * cost.applyAsDouble(pixels) / cost.applyAsDouble(near.getKey()))).orElse(OptionalDouble.empty());
	}

	private static double distance(final long one, final long other) {
		return Math.abs(Math.log((double) one / other));
	}

	/** Writes changes; a file that cannot be written is only logged. */
	synchronized void save() {
		if (!changed) return;
		changed = false;
		final Properties all = new Properties();
		seconds.forEach((what, sizes) -> sizes.forEach((pixels, time) -> all.setProperty(what + " " + pixels, time.toString())));
		try {
			Files.createDirectories(file.getParent());
			final Path fresh = Files.createTempFile(file.getParent(), ".timings-", "");
			try (Writer out = Files.newBufferedWriter(fresh)) {
				all.store(out, "Seconds that this machine took for one row of so many pixels; may be deleted");
			}
			Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final IOException e) {
			LOG.debug("Timings are not kept: {}", e.toString());
		}
	}

	private void read() {
		final Properties all = new Properties();
		try (Reader in = Files.newBufferedReader(file)) {
			all.load(in);
			for (final String name : all.stringPropertyNames()) {
				final int end = name.lastIndexOf(' ');
				final double time = Double.parseDouble(all.getProperty(name));
				if (time > 0 && time < Double.MAX_VALUE) seconds.computeIfAbsent(name.substring(0, end), w -> new TreeMap<>()).put(Long.parseLong(name.substring(end + 1)), time);
			}
		}
		catch (final IOException | RuntimeException e) {
			LOG.debug("No timings in {}: {}", file, e.toString()); // missing or damaged: measured again
		}
	}
}
