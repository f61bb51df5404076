package sc.fiji.diffedit.memory;

import java.util.Map;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.tensor.Device;

/**
 * What {@link Preset#AUTOMATIC} means for a machine and a model: the fastest preset whose weights leave room to work.
 * Tiles are as large as fit, so that images of usual size are not cut.
 */
public final class Automatic {

	/** Part of what is free that weights may take; the rest is for activations. */
	private static final double WEIGHTS = 0.75;
	/** Part of what weights leave that one call of the autoencoder may take. */
	private static final double TILE = 0.5;

	private Automatic() {}

	/**
	 * The plan with another preset in place of {@code AUTOMATIC}; other plans as they are.
	 *
	 * @param sizes bytes of the model's components in the type they compute in
	 * @param available bytes that may be taken of the device's memory, less a reserve
	 */
	public static MemoryPlan resolved(final MemoryPlan plan, final Device device, final Map<String, Long> sizes, final long available) {
		return plan.preset() == Preset.AUTOMATIC ? plan.withPreset(preset(device, sizes, available)) : plan;
	}

	/**
	 * On a CPU only packed weights need memory that cannot be dropped; on other devices all that are there at the same time do.
	 */
	static Preset preset(final Device device, final Map<String, Long> sizes, final long available) {
		final long room = (long) (WEIGHTS * available);
		final long all = sizes.values().stream().mapToLong(Long::longValue).sum();
		if (all <= room) return Preset.FAST;
		final long once = device.isCpu() ? sizes.getOrDefault("unet", 0L) : sizes.values().stream().mapToLong(Long::longValue).max().orElse(0);
		return once <= room ? Preset.BALANCED : Preset.LOW_MEMORY;
	}

	/**
	 * Tiles for images that would need too much at once.
	 *
	 * @param room bytes that one call may take
	 */
	public static Tiling tiling(final Autoencoder vae, final long room) {
		int edge = Math.max(64, vae.sampleSize());
		while (edge < 8192 && Activations.ofDecoder(vae, 2 * edge, 2 * edge) <= TILE * room) edge *= 2;
		return Tiling.ofPixels(edge, vae);
	}
}
