package sc.fiji.diffedit.memory;

/**
 * A part of a run during which one component computes.
 *
 * @param name what users read, such as {@code denoising}
 * @param component such as {@code unet}
 * @param activations bytes at its peak besides weights
 */
public record Stage(String name, String component, long activations) {}
