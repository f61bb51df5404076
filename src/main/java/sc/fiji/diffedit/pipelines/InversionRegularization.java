package sc.fiji.diffedit.pipelines;

import java.util.function.LongUnaryOperator;

import sc.fiji.diffedit.schedulers.SchedulerConfig;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Pulls predicted noise towards independent standard normal numbers, as pix2pix-zero (Parmar et al. 2023, section 3.1) and
 * diffusers' {@code invert} do. Both losses have closed gradients with respect to the noise, so nothing is differentiated
 * automatically: for a plane {@code x} of N pixels, mean(x roll(x, r))&sup2; has the gradient
 * {@code 2 mean(x roll(x, r)) (roll(x, r) + roll(x, -r)) / N}, and var + mean&sup2; - 1 - log(var + 1e-7) over all n numbers has
 * {@code 2 (x - mean) / (n - 1) (1 - 1 / (var + 1e-7)) + 2 mean / n}.
 */
final class InversionRegularization {

	/** Leaves predictions as they are. */
	static final InversionRegularization NONE = new InversionRegularization(InvertRequest.DEFAULTS, null, null);

	private final InvertRequest request;
	private final SchedulerConfig schedule;
	private final LongUnaryOperator randint;

	private InversionRegularization(final InvertRequest request, final SchedulerConfig schedule, final LongUnaryOperator randint) {
		this.request = request;
		this.schedule = schedule;
		this.randint = randint;
	}

	static InversionRegularization of(final InvertRequest request, final SchedulerConfig schedule, final Noise noise) {
		return request.numRegSteps() == 0 ? NONE : new InversionRegularization(request, schedule, noise::randint);
	}

	/** @param predicted output of the network, (batch, channels, h, w); the result has its shape, type and device */
	Tensor apply(final Tensor predicted, final Tensor sample, final double timestep) {
		if (request.numRegSteps() == 0) return predicted;
		final Planes planes = new Planes(predicted, sample, epsilonFactors((int) timestep));
		for (int step = 0; step < request.numRegSteps(); step++) {
			for (int roll = 0; roll < request.numAutoCorrRolls() && request.lambdaAutoCorr() > 0; roll++) {
				planes.descend(autoCorrelationGradient(planes), request.lambdaAutoCorr() / request.numAutoCorrRolls());
			}
			if (request.lambdaKl() > 0) planes.descend(klGradient(planes.epsilon()), request.lambdaKl());
		}
		return Tensor.of(planes.output, predicted.shape()).toLike(predicted);
	}

	/** Numbers a and b of {@code epsilon = a output + b sample} at a timestep. */
	private double[] epsilonFactors(final int timestep) {
		final double alpha = schedule.alphaCumprod(timestep);
		switch (schedule.predictionType()) {
			case EPSILON:
				return new double[] { 1, 0 };
			case V_PREDICTION:
				return new double[] { Math.sqrt(alpha), Math.sqrt(1 - alpha) };
			default:
				return new double[] { -Math.sqrt(alpha / (1 - alpha)), 1 / Math.sqrt(1 - alpha) };
		}
	}

	private float[] autoCorrelationGradient(final Planes planes) {
		final float[] epsilon = planes.epsilon();
		final float[] gradient = new float[epsilon.length];
		final int size = planes.height * planes.width;
		for (int from = 0; from < epsilon.length; from += size) {
			final float[] plane = java.util.Arrays.copyOfRange(epsilon, from, from + size);
			System.arraycopy(pyramidGradient(plane, planes.height, planes.width), 0, gradient, from, size);
		}
		return gradient;
	}

	/** Gradient of one plane's loss summed over a pyramid of halved planes, down to eight rows. */
	private float[] pyramidGradient(final float[] plane, final int height, final int width) {
		final int shift = (int) randint.applyAsLong(height / 2);
		final float[] gradient = new float[plane.length];
		addRollGradient(gradient, plane, height, width, shift, true);
		addRollGradient(gradient, plane, height, width, shift, false);
		if (height <= 8) return gradient;
		final int halfWidth = width / 2;
		final float[] coarse = pyramidGradient(pooled(plane, height, width), height / 2, halfWidth);
		for (int y = 0; y < height / 2 * 2; y++) {
			for (int x = 0; x < halfWidth * 2; x++) gradient[y * width + x] += coarse[y / 2 * halfWidth + x / 2] / 4;
		}
		return gradient;
	}

	private static void addRollGradient(final float[] gradient, final float[] plane, final int height, final int width,
		final int shift, final boolean rows)
	{
		double product = 0;
		for (int i = 0; i < plane.length; i++) product += plane[i] * plane[rolled(i, height, width, shift, rows)];
		final double weight = 2 * product / plane.length / plane.length;
		for (int i = 0; i < plane.length; i++) {
			gradient[i] += weight * (plane[rolled(i, height, width, shift, rows)] + (double) plane[rolled(i, height, width, -shift, rows)]);
		}
	}

	/** Where {@code roll(x, shift)} takes entry {@code i} from. */
	private static int rolled(final int i, final int height, final int width, final int shift, final boolean rows) {
		final int y = i / width;
		final int x = i % width;
		return rows ? Math.floorMod(y - shift, height) * width + x : y * width + Math.floorMod(x - shift, width);
	}

	private static float[] pooled(final float[] plane, final int height, final int width) {
		final int halfWidth = width / 2;
		final float[] pooled = new float[height / 2 * halfWidth];
		for (int i = 0; i < pooled.length; i++) {
			final int at = i / halfWidth * 2 * width + i % halfWidth * 2;
			pooled[i] = (plane[at] + plane[at + 1] + plane[at + width] + plane[at + width + 1]) / 4;
		}
		return pooled;
	}

	private static float[] klGradient(final float[] epsilon) {
		double mean = 0;
		for (final float value : epsilon) mean += value;
		mean /= epsilon.length;
		double variance = 0;
		for (final float value : epsilon) variance += (value - mean) * (value - mean);
		variance /= epsilon.length - 1;
		final double weight = 2.0 / (epsilon.length - 1) * (1 - 1 / (variance + 1e-7));
		final float[] gradient = new float[epsilon.length];
		for (int i = 0; i < gradient.length; i++) gradient[i] = (float) (weight * (epsilon[i] - mean) + 2 * mean / epsilon.length);
		return gradient;
	}

	/** The network's output as plain numbers, and the noise it stands for: {@code epsilon = a output + b sample}. */
	private static final class Planes {

		private final float[] output;
		private final float[] sample;
		private final double[] factors;
		private final int height;
		private final int width;

		Planes(final Tensor predicted, final Tensor sample, final double[] factors) {
			this.output = predicted.toFloatArray();
			this.sample = sample.toFloatArray();
			this.factors = factors;
			this.height = (int) predicted.size(2);
			this.width = (int) predicted.size(3);
		}

		float[] epsilon() {
			final float[] epsilon = new float[output.length];
			for (int i = 0; i < epsilon.length; i++) epsilon[i] = (float) (factors[0] * output[i] + factors[1] * sample[i]);
			return epsilon;
		}

		/** A step against a gradient with respect to epsilon. */
		void descend(final float[] gradient, final double rate) {
			for (int i = 0; i < output.length; i++) output[i] -= (float) (rate * factors[0] * gradient[i]);
		}
	}
}
