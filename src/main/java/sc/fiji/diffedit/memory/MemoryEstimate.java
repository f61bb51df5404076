package sc.fiji.diffedit.memory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;

/**
 * The expected additional memory of a run.
 *
 * @param weights bytes of weights that will be made and stay; those that lie on mapped files count nothing, since the system
 *          may drop their pages
 * @param stages bytes at the peak of each stage besides those, by its name: activations, and weights that come for its turn and
 *          leave after it; one stage follows another
 * @param time how long it takes, if that is known from earlier runs; less where results are kept
 */
public record MemoryEstimate(long weights, Map<String, Long> stages, Optional<Duration> time) {

	public MemoryEstimate {
		stages = new LinkedHashMap<>(stages);
	}

	/** An estimate without a known duration. */
	public MemoryEstimate(final long weights, final Map<String, Long> stages) {
		this(weights, stages, Optional.empty());
	}

	/** The same with more weights. */
	public MemoryEstimate plus(final long bytes) {
		return new MemoryEstimate(weights + bytes, stages, time);
	}

	/** What two runs take that follow one another: the weights of both, and the larger of the stages that they share. */
	public MemoryEstimate and(final MemoryEstimate next) {
		final Map<String, Long> all = new LinkedHashMap<>(stages);
		next.stages.forEach((stage, bytes) -> all.merge(stage, bytes, Math::max));
		return new MemoryEstimate(weights + next.weights, all, time.flatMap(first -> next.time.map(first::plus)));
	}

	/** The same run several times, one after another: it takes more time, but no more memory. */
	public MemoryEstimate times(final int count) {
		return new MemoryEstimate(weights, stages, time.map(once -> once.multipliedBy(count)));
	}

	/** Bytes at the peak of the whole run. */
	public long peak() {
		return weights + stages.values().stream().mapToLong(Long::longValue).max().orElse(0);
	}

	/** What must be left to the rest of the machine: a twentieth of its memory, at least 256 MB and at most 1 GB. */
	public static long reserve(final long total) {
		return Math.max(256_000_000L, Math.min(1_000_000_000L, total / 20));
	}

	/** One line for logs and status bars. */
	public String line(final long available) {
		return String.format(Locale.ROOT, "Needs about %s of memory (%s); %s are free", size(peak()), parts(), size(available));
	}

	/** What weights and stages take, for forms. */
	public String parts() {
		final String each = stages.entrySet().stream().map(stage -> stage.getKey() + " " + size(stage.getValue())).collect(Collectors.joining(", "));
		return weights > 0 ? "weights " + size(weights) + "; " + each : each;
	}

	/**
	 * The sentence that refuses a run, if it does not fit.
	 *
	 * @param available bytes that may be taken now
	 * @param total bytes of the device
	 * @param dtype the model computes in
	 */
	public Optional<NotEnoughMemory> refusal(final long available, final long total, final Device device, final Preset preset, final DType dtype) {
		return refusal(available, total, device, (preset == Preset.LOWEST_MEMORY ? "" : "take a preset such as " + Preset.LOW_MEMORY.label() + ", ")
			+ "work on a smaller image or selection" + (dtype == DType.FLOAT32 ? ", load the model in bfloat16 (dtype: bfloat16 in forms)" : ""));
	}

	/** @param help suggestion to reduce the memory, besides closing other programs */
	public Optional<NotEnoughMemory> refusal(final long available, final long total, final Device device, final String help) {
		final long free = Math.max(0, available - reserve(total));
		if (peak() <= free) return Optional.empty();
		return Optional.of(new NotEnoughMemory(String.format(Locale.ROOT,
			"This needs about %s of memory on %s (%s), but only %s are free beyond a reserve; %s, or close other programs.",
			size(peak()), device, parts(), size(free), help)));
	}

	/** The expected duration as text. */
	public String timeLine() {
		return time.map(known -> "takes " + approximately(known)).orElse("how long it takes is known once this model has run here");
	}

	/** A duration as text: {@code about 12 s}, {@code about 3 min}, {@code about 2.5 h}, {@code about 3 days}. */
	public static String approximately(final Duration time) {
		final double seconds = time.toMillis() / 1000.0;
		if (seconds < 1) return "less than a second";
		if (seconds < 90) return String.format(Locale.ROOT, "about %.0f s", seconds);
		if (seconds < 5400) return String.format(Locale.ROOT, "about %.0f min", seconds / 60);
		final double hours = seconds / 3600;
		return hours < 48 ? String.format(Locale.ROOT, "about %.1f h", hours) : String.format(Locale.ROOT, "about %.0f days", hours / 24);
	}

	/** A number of bytes as text: {@code 85 MB}, {@code 2.9 GB}. */
	public static String size(final long bytes) {
		return bytes < 100_000_000 ? String.format(Locale.ROOT, "%.0f MB", Math.ceil(bytes / 1e6)) : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
	}
}
