package sc.fiji.diffedit.schedulers;

import java.util.function.DoubleUnaryOperator;

/** Integrals over [-1, 1] by eight nodes: exact for polynomials up to degree 15. */
final class GaussLegendre {

	private static final double[] NODES = { 0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363 };
	private static final double[] WEIGHTS = { 0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763 };

	private GaussLegendre() {}

	static double integrate(final DoubleUnaryOperator f) {
		double sum = 0;
		for (int k = 0; k < NODES.length; k++) sum += WEIGHTS[k] * (f.applyAsDouble(NODES[k]) + f.applyAsDouble(-NODES[k]));
		return sum;
	}
}
