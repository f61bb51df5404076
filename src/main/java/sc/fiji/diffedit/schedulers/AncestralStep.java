package sc.fiji.diffedit.schedulers;

/**
 * How a step that adds noise goes: down below the next level, and up to it by the noise.
 *
 * @param up standard deviation of the noise that is added
 * @param down the noise level before it
 */
record AncestralStep(float up, float down) {

	/** Differs from diffusers on purpose: after a much stronger noise level, rounding makes the level to go down to neither 0 nor NaN. */
	static AncestralStep of(final float from, final float to) {
		final float up = (float) Math.sqrt(to * to * (from * from - to * to) / (from * from));
		final float rest = to * to - up * up;
		return new AncestralStep(up, rest > 0 ? (float) Math.sqrt(rest) : to * to / from);
	}
}
