package sc.fiji.diffedit.goldens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Holds results against a golden case. Floating point numbers may differ by the tensor's {@code atol}, whole numbers not
 * at all; where the reference itself is NaN or infinite nothing is asked. Mask pixels within rounding of the threshold
 * ({@code mask_undecided_pixels}) are left out. A result of the case that was never compared counts as wrong.
 */
public final class Comparison {

	private final GoldenCase golden;
	private final Set<String> seen = new HashSet<>();
	private final List<Finding> findings = new ArrayList<>();

	/**
	 * One compared result.
	 *
	 * @param name the golden tensor
	 * @param error largest difference
	 * @param tolerance largest difference allowed
	 * @param problem what is wrong besides numbers; empty when nothing is
	 */
	public record Finding(String name, double error, double tolerance, String problem) {

		public boolean isWrong() {
			return !problem.isEmpty() || !(error <= tolerance);
		}

		/** How near the tolerance: 1 is at it. Wrong findings come last. */
		double strain() {
			if (!problem.isEmpty() || Double.isNaN(error)) return Double.POSITIVE_INFINITY;
			return error == 0 ? 0 : error / tolerance;
		}

		@Override
		public String toString() {
			return problem.isEmpty() ? String.format("%s differs by %.2e (tolerance %.2e)", name, error, tolerance) : name + " " + problem;
		}
	}

	public Comparison(final GoldenCase golden) {
		this.golden = golden;
	}

	/** Compares a tensor with the golden one of a name, shapes included. */
	public void tensor(final String name, final Tensor actual) {
		tensor(name, actual, 0);
	}

	/** Compares a tensor as {@link #tensor(String, Tensor)}; differences up to {@code rounding} are allowed in any case. */
	public void tensor(final String name, final Tensor actual, final double rounding) {
		if (isUnknown(name)) return;
		try (Scope scope = Scope.open()) {
			compare(name, golden.tensor(name), actual, rounding);
		}
	}

	/** Compares a tensor with the golden one of a name, whose rows that were stored once have been put back. */
	void tensor(final String name, final Tensor expected, final Tensor actual) {
		if (!isUnknown(name)) compare(name, expected, actual, 0);
	}

	private void compare(final String name, final Tensor expected, final Tensor actual, final double rounding) {
		if (!Arrays.equals(expected.shape(), actual.shape())) {
			wrong(name, "has shape " + Arrays.toString(actual.shape()) + ", wanted " + Arrays.toString(expected.shape()));
		}
		else if (isWhole(expected.dtype())) whole(name, expected.toLongArray(), actual.toLongArray());
		else real(name, expected.toFloatArray(), actual.toFloatArray(), Math.max(tolerance(name), rounding));
	}

	/** Compares numbers in row-major order with the golden tensor of a name, whatever its shape. */
	public void numbers(final String name, final float... actual) {
		if (isUnknown(name)) return;
		try (Scope scope = Scope.open()) {
			real(name, golden.tensor(name).toFloatArray(), actual, tolerance(name));
		}
	}

	/** Compares whole numbers in row-major order with the golden tensor of a name, whatever its shape. */
	public void wholeNumbers(final String name, final long... actual) {
		if (isUnknown(name)) return;
		try (Scope scope = Scope.open()) {
			whole(name, golden.tensor(name).toLongArray(), actual);
		}
	}

	/** Compares masks of 0 and 1, shape (batch, height, width), without the undecided pixels. */
	public void mask(final String name, final float[] actual) {
		if (isUnknown(name)) return;
		try (Scope scope = Scope.open()) {
			final Tensor expected = golden.tensor(name);
			final float[] wanted = expected.toFloatArray();
			final float[] found = actual.clone();
			if (wanted.length == found.length) {
				for (final int pixel : undecided(expected.shape())) found[pixel] = wanted[pixel];
			}
			real(name, wanted, found, tolerance(name));
		}
	}

	/** Compares two values that are not in a tensor. */
	public void equal(final String name, final Object expected, final Object actual) {
		if (expected.equals(actual)) findings.add(new Finding(name, 0, 0, ""));
		else wrong(name, "is " + actual + ", wanted " + expected);
	}

	/** Adds something that is wrong. */
	public void wrong(final String name, final String problem) {
		findings.add(new Finding(name, Double.NaN, 0, problem));
	}

	/** Results that this program has no counterpart for, by their names' beginning; they need not be compared. */
	public void leaveOut(final String prefix) {
		golden.results().keySet().stream().filter(n -> n.startsWith(prefix)).forEach(seen::add);
	}

	/** Adds every {@code out.*} of the case that nobody compared. */
	void finish() {
		for (final String name : golden.results().keySet()) {
			if (name.startsWith("out.") && !seen.contains(name)) wrong(name, "was not compared");
		}
	}

	/** Everything compared so far. */
	public List<Finding> findings() {
		return List.copyOf(findings);
	}

	/** What is wrong, in order of comparison. */
	public List<Finding> wrong() {
		return findings.stream().filter(Finding::isWrong).toList();
	}

	/** The finding nearest to its tolerance, or beyond it. */
	public Finding worst() {
		Finding worst = new Finding("", 0, 0, "");
		for (final Finding finding : findings) {
			if (worst.name().isEmpty() || finding.strain() > worst.strain()) worst = finding;
		}
		return worst;
	}

	private boolean isUnknown(final String name) {
		seen.add(name);
		if (golden.results().containsKey(name) && golden.has(name)) return false;
		wrong(name, "is not in the case");
		return true;
	}

	private void real(final String name, final float[] expected, final float[] actual, final double tolerance) {
		if (isWrongLength(name, expected.length, actual.length)) return;
		double error = 0;
		for (int i = 0; i < expected.length; i++) {
			if (!Float.isFinite(expected[i])) continue;
			final double difference = Math.abs((double) expected[i] - actual[i]);
			error = Double.isNaN(difference) ? Double.NaN : Math.max(error, difference);
			if (Double.isNaN(error)) break;
		}
		Rounding.note(error, tolerance);
		findings.add(new Finding(name, error, tolerance, ""));
	}

	private void whole(final String name, final long[] expected, final long[] actual) {
		if (isWrongLength(name, expected.length, actual.length)) return;
		long error = 0;
		for (int i = 0; i < expected.length; i++) error = Math.max(error, Math.abs(expected[i] - actual[i]));
		findings.add(new Finding(name, error, 0, ""));
	}

	private boolean isWrongLength(final String name, final int expected, final int actual) {
		if (expected == actual) return false;
		wrong(name, "has " + actual + " elements, wanted " + expected);
		return true;
	}

	private double tolerance(final String name) {
		return golden.results().get(name).getAsJsonObject().get("atol").getAsDouble();
	}

	private static boolean isWhole(final DType dtype) {
		return !dtype.isFloatingPoint();
	}

	/** Places of the undecided pixels in a (batch, height, width) array. */
	private Set<Integer> undecided(final long[] shape) {
		final JsonObject json = golden.json();
		if (!json.has("mask_undecided_pixels")) return Set.of();
		return json.getAsJsonArray("mask_undecided_pixels").asList().stream().map(JsonElement::getAsJsonArray)
			.map(p -> (int) ((p.get(0).getAsInt() * shape[1] + p.get(1).getAsInt()) * shape[2]) + p.get(2).getAsInt())
			.collect(Collectors.toSet());
	}
}
