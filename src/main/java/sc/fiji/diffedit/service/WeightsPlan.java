package sc.fiji.diffedit.service;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import sc.fiji.diffedit.memory.Automatic;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/** The memory plan of one model on one device: the preset chosen by component sizes and free memory, and the resulting memory for weights. */
final class WeightsPlan {

	/** A component has at least this many groups of blocks of about the size of the one in memory at a time. */
	private static final long BLOCKS = 8;

	private final LoadOptions options;
	private final ModelFolder folder;
	private final Device device;
	private final Device physical;
	private final Map<String, Long> sizes;
	/** Bytes of the components whose weights stay in quantised blocks. */
	private final Map<String, Long> quantised = new LinkedHashMap<>();
	private final MemoryPlan chosen;
	private final MemoryPlan plan;
	private final ModelMemory memory;

	/**
	 * @param sizes of the model's own components, in bytes of the data type in which they compute
	 * @param notes receives a message if part of the plan cannot be applied
	 */
	WeightsPlan(final LoadOptions options, final ModelFolder folder, final Map<String, Long> sizes, final Device device, final Mover mover,
		final Consumer<String> notes)
	{
		this.options = options;
		this.folder = folder;
		this.sizes = sizes;
		this.device = device;
		this.physical = mover.physical(device);
		for (final String component : sizes.keySet()) {
			final Weights weights = folder.weights(component);
			if (options.memory().keepsQuantised(component) && weights.isQuantised()) quantised.put(component, weights.storedByteCount());
		}
		this.chosen = Automatic.resolved(options.memory(), physical, inMemory(), room());
		this.plan = chosen.filledFor(device);
		this.memory = new ModelMemory(plan, device, mover, sizes, quantised.keySet(), notes);
	}

	/** The components' sizes with everything in memory, the UNet packed if possible. */
	private Map<String, Long> inMemory() {
		final Map<String, Long> all = new LinkedHashMap<>(sizes);
		if (physical.isCpu()) all.computeIfPresent("unet", (name, plain) -> canBePacked() ? Long.valueOf(PackedWeights.bytes(plain, options.dtype())) : plain);
		all.putAll(quantised);
		return all;
	}

	/** The requested plan with the chosen preset. */
	MemoryPlan chosen() {
		return chosen;
	}

	/** The same with every setting of that preset. */
	MemoryPlan plan() {
		return plan;
	}

	/** The plan's runtime object; to be closed after the networks. */
	ModelMemory memory() {
		return memory;
	}

	/** Bytes of the device's memory that may be used now, less a reserve. */
	long room() {
		final FreeMemory free = FreeMemory.ofMachine();
		return Math.max(0, free.available(physical) - MemoryEstimate.reserve(free.total(physical)));
	}

	/** Bytes that the activations of one call may take: the free memory, limited to a share of it with presets that save memory. */
	long allowance() {
		final long most = switch (plan.preset()) {
			case BALANCED -> 2_000_000_000L;
			case LOW_MEMORY -> 1_000_000_000L;
			case LOWEST_MEMORY -> 0;
			default -> Long.MAX_VALUE;
		};
		return Math.min(most, room());
	}

	/** Packed weights replace those of the file, so weights that are offloaded, or stored in another data type, are not packed. */
	boolean isPacked() {
		return plan.packed().isOn() && memory.device("unet").isCpu() && !memory.manages("unet") && canBePacked();
	}

	/** Whether the weights of a component stay in quantised blocks until they are used. */
	boolean isQuantised(final String component) {
		return quantised.containsKey(component);
	}

	private boolean canBePacked() {
		return PackedWeights.fit(sizes.getOrDefault("unet", 0L), options.dtype());
	}

	/** The memory of weights besides mapped files: packed and converted weights on a CPU, all resident weights on other devices. */
	PlannedWeights planned() {
		final Map<String, Long> whileResident = new LinkedHashMap<>();
		long once = 0;
		for (final String component : sizes.keySet()) {
			if (!memory.device(component).equals(device)) continue;
			final long bytes = device.isCpu() ? bytesOnCpu(component) : stored(component);
			if (quantised.containsKey(component) || isInt8(component)) whileResident.put(component, asNumbers(folder.weights(component)));
			switch (plan.offloadOf(component).kind()) {
				case NONE -> once += bytes;
				case MODEL -> whileResident.merge(component, bytes, Long::sum);
				default -> whileResident.merge(component, bytes / BLOCKS, Long::sum);
			}
		}
		return new PlannedWeights(chosen, physical, once, whileResident);
	}

	private boolean isInt8(final String component) {
		return plan.storageOf(component).filter(storage -> storage.dtype() == DType.INT8).isPresent();
	}

	/** Bytes of the numbers that one call makes of quantised blocks, at most: about three times the largest tensor in 32 bits. */
	private static long asNumbers(final Weights weights) {
		return 3 * weights.names().stream().mapToLong(name -> Arrays.stream(weights.shape(name)).reduce(1, (a, b) -> a * b)).max().orElse(0) * DType.FLOAT32.bytes();
	}

	private long bytesOnCpu(final String component) {
		if (quantised.containsKey(component)) return options.reading().copies(folder.root()) ? quantised.get(component) : 0;
		if (component.equals("unet") && isPacked()) return PackedWeights.bytes(sizes.get(component), options.dtype());
		return isMade(component) || plan.storageOf(component).isPresent() ? stored(component) : 0;
	}

	/** Bytes of a component in its storage data type. */
	private long stored(final String component) {
		if (quantised.containsKey(component)) return quantised.get(component);
		final int bytes = plan.storageOf(component).map(storage -> storage.dtype().bytes()).orElse(options.dtype().bytes());
		return sizes.get(component) * bytes / options.dtype().bytes();
	}

	/** Whether a component's tensors are copies rather than views of the mapped file. */
	private boolean isMade(final String component) {
		if (options.reading().copies(folder.root())) return true;
		final Weights weights = folder.weights(component);
		return weights.names().stream().findFirst().map(name -> weights.dtype(name) != options.dtype()).orElse(false);
	}
}
