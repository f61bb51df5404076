package sc.fiji.diffedit.memory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Device;

/**
 * Which component, or which layers of one, live on which device; diffusers' {@code device_map} of pipelines and models.
 *
 * @param balanced whether components are spread over all devices by their sizes ({@code device_map="balanced"})
 * @param maxMemory what each device may take, in bytes; devices that are not named take what is free ({@code max_memory})
 * @param devices by component ({@code unet}) or component and beginning of a layer's name ({@code unet.down_blocks.0}):
 *          {@code cpu}, {@code cuda:N}, {@code mps}, or for layers {@code disk}; the longest name that fits counts. Layers on
 *          {@code cpu} or {@code disk} of a component on another device are brought there for each call
 */
public record Placement(boolean balanced, Map<String, Long> maxMemory, Map<String, String> devices) {

	/** Where weights are mapped from a file for each call. */
	public static final String DISK = "disk";
	/** Everything on the device that the model is loaded on. */
	public static final Placement NONE = new Placement(false, Map.of(), Map.of());

	public Placement {
		maxMemory = Collections.unmodifiableMap(named(maxMemory));
		devices = Collections.unmodifiableMap(checked(devices));
		for (final Map.Entry<String, Long> limit : maxMemory.entrySet()) {
			if (limit.getValue() < 0) throw new DiffEditException("max_memory of " + limit.getKey() + " is negative; write such as 8GB.");
		}
	}

	private static Map<String, Long> named(final Map<String, Long> maxMemory) {
		final Map<String, Long> named = new LinkedHashMap<>();
		maxMemory.forEach((device, bytes) -> named.put(Device.of(device).toString(), bytes));
		return named;
	}

	private static Map<String, String> checked(final Map<String, String> devices) {
		final Map<String, String> checked = new LinkedHashMap<>();
		devices.forEach((layers, device) -> {
			if (device.equals(DISK) && !layers.contains(".")) {
				throw new DiffEditException("A whole component does not compute on disk; write " + layers + ".offload=sequential+disk, or name layers such as "
					+ layers + ".down_blocks.0.device=disk.");
			}
			checked.put(layers, device.equals(DISK) ? DISK : Device.of(device).toString());
		});
		return checked;
	}

	/** Components spread over all devices by their sizes. */
	public static Placement balanced(final Map<String, Long> maxMemory) {
		return new Placement(true, maxMemory, Map.of());
	}

	/** One more name and its device. */
	public Placement with(final String layers, final String device) {
		final Map<String, String> more = new LinkedHashMap<>(devices);
		more.put(layers, device);
		return new Placement(balanced, maxMemory, more);
	}

	/** The same places, limits aside. */
	public boolean isNone() {
		return !balanced && devices.isEmpty();
	}

	/** The place of a component or layer by the longest name that fits; empty where none does. */
	public Optional<String> of(final String layers) {
		String name = layers;
		while (!devices.containsKey(name)) {
			final int dot = name.lastIndexOf('.');
			if (dot < 0) return Optional.empty();
			name = name.substring(0, dot);
		}
		return Optional.of(devices.get(name));
	}
}
