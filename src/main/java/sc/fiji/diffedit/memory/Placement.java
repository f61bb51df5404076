package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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

	/**
	 * The places of components when {@link #balanced}: from the largest on, each goes to the next of the devices, there and
	 * back, and to the CPU if it does not fit there, as in diffusers. Components that are named keep their place.
	 *
	 * @param sizes of the components in bytes
	 * @param free bytes of the devices besides the CPU
	 */
	Placement resolved(final Map<String, Long> sizes, final Map<Device, Long> free) {
		if (!balanced || free.isEmpty()) return this;
		final Map<String, Long> left = new LinkedHashMap<>();
		free.forEach((device, bytes) -> left.put(device.toString(), maxMemory.getOrDefault(device.toString(), bytes)));
		final List<String> cycle = new ArrayList<>(left.keySet());
		cycle.sort(Comparator.comparing((String device) -> -left.get(device)));
		for (int i = cycle.size() - 1; i >= 0; i--) cycle.add(cycle.get(i));
		Placement resolved = this;
		int at = 0;
		for (final String component : largestFirst(sizes)) {
			if (devices.containsKey(component)) continue;
			final String device = cycle.get(at % cycle.size());
			final boolean fits = sizes.get(component) <= left.get(device);
			resolved = resolved.with(component, fits ? device : Device.CPU.toString());
			if (!fits) continue;
			left.merge(device, -sizes.get(component), Long::sum);
			at++;
		}
		return resolved;
	}

	private static List<String> largestFirst(final Map<String, Long> sizes) {
		return sizes.keySet().stream().sorted(Comparator.comparing((String component) -> -sizes.get(component))).toList();
	}
}
