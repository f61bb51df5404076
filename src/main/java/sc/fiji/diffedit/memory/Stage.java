package sc.fiji.diffedit.memory;

import java.util.Optional;

/**
 * A part of a run during which one component computes.
 *
 * @param name what users read, such as {@code denoising}
 * @param component such as {@code unet}
 * @param activations bytes at its peak besides weights
 * @param passes what passes through it; empty where that takes no time worth telling
 */
public record Stage(String name, String component, long activations, Optional<Passes> passes) {

	/** A stage that takes no time worth telling. */
	public Stage(final String name, final String component, final long activations) {
		this(name, component, activations, Optional.empty());
	}
}
