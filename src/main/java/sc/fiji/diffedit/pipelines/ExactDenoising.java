package sc.fiji.diffedit.pipelines;

import java.util.Optional;
import java.util.function.IntFunction;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** The loop of an edit along an exact path: down a level, then everything outside the mask is what the inversion kept of it. */
final class ExactDenoising {

	private final ExactPath path;
	private final InversionMethod method;
	private final StepListener listener;

	ExactDenoising(final ExactPath path, final InversionMethod method, final StepListener listener) {
		this.path = path;
		this.method = method;
		this.listener = listener;
	}

	/**
	 * @param steps the level to begin at
	 * @param kept what the inversion kept of each level up to that one
	 * @param outside makes of what belongs to a level and of what was kept of it what goes on
	 * @return latents of the image
	 */
	Tensor run(final int steps, final IntFunction<Tensor> kept, final Blend outside) {
		Optional<Tensor> above = Optional.empty();
		Tensor here = kept.apply(steps);
		for (int level = steps; level > 0; level--) {
			try (Scope scope = Scope.open()) {
				final Tensor next = scope.keep(outside.of(path.down(level, here, above, kept), kept.apply(level - 1), level - 1));
				above.ifPresent(Tensor::close);
				above = Optional.of(here);
				here = next;
				listener.stepped(new StepListener.Step(MaskedDenoising.STAGE, steps - level, steps, path.timestep(level - 1), method.latents(here)));
			}
		}
		return method.latents(here);
	}

	/** What is edited and what is not, in one. */
	@FunctionalInterface
	interface Blend {

		/** @param level of both */
		Tensor of(Tensor edited, Tensor kept, int level);
	}
}
