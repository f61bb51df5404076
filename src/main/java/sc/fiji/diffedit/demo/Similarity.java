package sc.fiji.diffedit.demo;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004) of two pictures in windows of 7 x 7 pixels of equal weight, in each channel, as
 * scikit-image has it; windows end at the border.
 */
final class Similarity {

	private static final int RADIUS = 3;
	private static final double C1 = 0.01 * 0.01, C2 = 0.03 * 0.03;

	private Similarity() {}

	/** The mean over the pixels inside of a mask and all channels; 1 where there are none. */
	static double mean(final Picture a, final Picture b, final Mask where) {
		double sum = 0;
		int count = 0;
		for (int c = 0; c < a.channels(); c++) {
			for (int y = 0; y < a.height(); y++) {
				for (int x = 0; x < a.width(); x++) {
					if (!where.isInside(x, y)) continue;
					sum += at(a, b, c, x, y);
					count++;
				}
			}
		}
		return count == 0 ? 1 : sum / count;
	}

	private static double at(final Picture a, final Picture b, final int c, final int x, final int y) {
		double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
		int n = 0;
		for (int v = Math.max(0, y - RADIUS); v <= Math.min(a.height() - 1, y + RADIUS); v++) {
			for (int u = Math.max(0, x - RADIUS); u <= Math.min(a.width() - 1, x + RADIUS); u++) {
				final double p = a.get(c, u, v), q = b.get(c, u, v);
				sa += p;
				sb += q;
				saa += p * p;
				sbb += q * q;
				sab += p * q;
				n++;
			}
		}
		final double ma = sa / n, mb = sb / n, unbiased = n / (n - 1.0);
		final double va = (saa / n - ma * ma) * unbiased, vb = (sbb / n - mb * mb) * unbiased, vab = (sab / n - ma * mb) * unbiased;
		return (2 * ma * mb + C1) * (2 * vab + C2) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
	}
}
