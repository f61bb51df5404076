package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A plan at work on one model: says where each component computes, and puts policies on the networks whose weights come and
 * go, lie elsewhere or are kept in another type. Networks that it {@linkplain #manages manages} are built on the CPU, where
 * their weights rest. It is closed after the networks.
 */
public final class ModelMemory implements AutoCloseable {

	/** An entry of a list of blocks: the prefix before the number, and the number. The middle of a network counts as one. */
	private static final Pattern ENTRY = Pattern.compile("(.*?)\\.(\\d+)(?:\\..*)?");
	private static final Pattern MIDDLE = Pattern.compile("((?:.*\\.)?mid_block)(?:\\..*)?");

	private static final String SAFETY_CHECKER = "safety_checker";

	private final MemoryPlan plan;
	private final Placement placement;
	private final Device main;
	private final Mover mover;
	private final Consumer<String> notes;
	private final Map<String, Long> sizes;
	private final Set<String> quantised;
	private final ResidentGroup residents = new ResidentGroup();
	private final List<WeightHome> homes = new ArrayList<>();
	private final List<CopyStream> streams = new ArrayList<>();

	/**
	 * @param plan with nothing left open, see {@link MemoryPlan#filledFor}
	 * @param main where what is not placed computes
	 * @param sizes of the model's components in bytes
	 * @param quantised components whose weights lie in quantised blocks; they stay in them until they are used, if the plan lets them
	 * @param notes takes a sentence where something of the plan cannot be
	 * @throws DiffEditException if the plan names a device that this machine does not have
	 */
	public ModelMemory(final MemoryPlan plan, final Device main, final Mover mover, final Map<String, Long> sizes, final Set<String> quantised,
		final Consumer<String> notes)
	{
		this.plan = plan;
		this.placement = plan.placement().balanced() ? plan.placement().resolved(sizes, mover.accelerators()) : plan.placement();
		this.main = main;
		this.mover = mover;
		this.notes = notes;
		this.sizes = new LinkedHashMap<>(sizes);
		this.quantised = quantised.stream().filter(plan::keepsQuantised).collect(Collectors.toSet());
		sizes.keySet().forEach(component -> check(device(component), placement.of(component).isPresent()));
		if (plan.placement().balanced() && mover.accelerators().isEmpty()) {
			notes.accept("device_map=balanced has nothing to spread the model over: this machine has no graphics card that PyTorch can use.");
		}
	}

	/** @param planned whether the memory plan says so, else the call or the user's options do */
	private void check(final Device device, final boolean planned) {
		if (mover.has(device)) return;
		final String cards = mover.accelerators().isEmpty() ? "no graphics card that PyTorch can use" : mover.accelerators().keySet().toString();
		throw new DiffEditException((planned ? "The memory plan names " + device : "The model is to compute on " + device) + ", but this machine has " + cards
			+ (planned ? "; write cpu." : "; choose cpu, in Edit > Options > DiffEdit... or as device: cpu."));
	}

	/** Where a component computes. A safety checker does so on the CPU unless it is placed. */
	public Device device(final String component) {
		return placement.of(component).map(Device::of).orElse(ownDevice(component));
	}

	private Device ownDevice(final String component) {
		return component.equals(SAFETY_CHECKER) ? Device.CPU : main;
	}

	/** The device for the input tensors of a component. */
	public Device inputs(final String component) {
		return mover.physical(device(component));
	}

	/** Whether {@link #place} does something to a component's network; other networks live where they compute. */
	public boolean manages(final String component) {
		final Device device = device(component);
		return quantised.contains(component) || plan.offloadOf(component).isOn() || plan.storageOf(component).isPresent() || !device.equals(ownDevice(component))
			|| !mover.physical(device).equals(device) || placement.devices().keySet().stream().anyMatch(name -> name.startsWith(component + "."));
	}

	/** Where a network is to be built. */
	public Device built(final String component) {
		return manages(component) ? Device.CPU : main;
	}

	/** Which component or layer lives where, as the plan has it ({@code hf_device_map} in diffusers). */
	public Map<String, String> deviceMap() {
		final Map<String, String> map = new LinkedHashMap<>();
		sizes.keySet().forEach(component -> map.put(component, device(component).toString()));
		placement.devices().forEach(map::putIfAbsent);
		return Collections.unmodifiableMap(map);
	}

	/** Puts the component's policies on its network. A component may have several networks. */
	public <T extends Network> T place(final String component, final T network) {
		if (!manages(component)) return network;
		new Placing(component, network.blocks()).attach();
		return network;
	}

	/** The end of a run: what is offloaded leaves its device ({@code maybe_free_model_hooks} in diffusers). */
	public void leaveDevice() {
		residents.end();
	}

	@Override
	public void close() {
		leaveDevice();
		homes.forEach(WeightHome::close);
		streams.forEach(CopyStream::close);
		homes.clear();
		streams.clear();
	}

	/** The decisions for one network. */
	private final class Placing {

		private final String component;
		private final List<Block> blocks;
		private final Offload offload;
		private final Optional<CopyStream> stream;
		private final WeightHome home;
		private final WeightHome disk;
		private final Map<Object, WeightGroup> groups = new LinkedHashMap<>();
		private final Map<WeightGroup, List<Block>> members = new LinkedHashMap<>();

		Placing(final String component, final List<Block> blocks) {
			this.component = component;
			this.blocks = blocks;
			this.offload = plan.offloadOf(component);
			this.stream = offload.useStream() ? stream() : Optional.empty();
			final Optional<Storage> storage = plan.storageOf(component);
			final WeightHome.StoredWeights weights = block -> ManagedNetwork.stored(block, storage, quantised.contains(component));
			this.disk = keep(new WeightHomeOnDisk(weights));
			this.home = offload.toDisk() ? disk : keep(home(weights, storage.isPresent()));
		}

		private Optional<CopyStream> stream() {
			final Optional<CopyStream> made = mover.stream(device(component));
			made.ifPresentOrElse(streams::add, () -> notes.accept("The weights of " + component + " come without a stream: "
				+ device(component) + " has none here."));
			return made;
		}

		private WeightHome keep(final WeightHome made) {
			homes.add(made);
			return made;
		}

		/**
		 * On the CPU, weights are made from the mapped file each time: to keep them would save nothing. For other devices
		 * they rest in main memory as they will be sent, where that is not the file's own content.
		 */
		private WeightHome home(final WeightHome.StoredWeights weights, final boolean stored) {
			final UnaryOperator<Tensor> pin = tensor -> stream.map(s -> s.pin(tensor)).orElse(tensor);
			final boolean away = !device(component).isCpu();
			if (offload.isOn() && (stored || away && !offload.lowCpuMemUsage() && (stream.isPresent() || casts()))) return new WeightHomeInMemory(weights, pin);
			return WeightHome.checkpoint(stream.isEmpty() ? weights : block -> {
				final Map<String, Tensor> pinned = new LinkedHashMap<>();
				weights.of(block).forEach((name, tensor) -> pinned.put(name, pin.apply(tensor)));
				return pinned;
			});
		}

		private boolean casts() {
			return blocks.stream().anyMatch(block -> block.leaves().stream().flatMap(leaf -> leaf.tensors().stream())
				.anyMatch(name -> block.weights().dtype(block.path() + name) != block.dtype()));
		}

		void attach() {
			checkNames();
			for (final Block block : blocks) members.computeIfAbsent(group(block), group -> new ArrayList<>()).add(block);
			new ManagedNetwork(mover, residents, stream, quantised.contains(component), members);
		}

		private void checkNames() {
			for (final String name : placement.devices().keySet()) {
				if (!name.startsWith(component + ".")) continue;
				if (blocks.stream().noneMatch(block -> (component + "." + nameOf(block) + ".").startsWith(name + "."))) {
					throw new DiffEditException("The memory plan places '" + name + "', but " + component + " has no layers of that name; names are such as "
						+ component + "." + nameOf(blocks.get(blocks.size() / 2)) + " or a beginning of it.");
				}
			}
		}

		private WeightGroup group(final Block block) {
			final Device own = device(component);
			final String place = placement.of(component + "." + nameOf(block)).orElse(own.toString());
			if (place.equals(Placement.DISK)) return group(block, own, disk, true, true);
			final Device device = Device.of(place);
			if (device.isCpu() && !own.isCpu()) return group(block, own, home, true, true);
			check(device, true);
			switch (offload.kind()) {
				case NONE:
					return group(device, device, home, false, false);
				case MODEL:
					return group(device, device, home, true, false);
				case BLOCK_LEVEL:
					return group(device + entry(block), device, home, true, true);
				default:
					return group(block, device, home, true, true);
			}
		}

		private WeightGroup group(final Object key, final Device device, final WeightHome from, final boolean leaves, final boolean endsWithLast) {
			return groups.computeIfAbsent(key, k -> new WeightGroup(device, from, mover, offload.nonBlocking(), leaves, endsWithLast));
		}

		/** Groups as in diffusers: consecutive entries of a list of blocks; a block outside lists is a group of its own. */
		private String entry(final Block block) {
			final String name = nameOf(block);
			final Matcher middle = MIDDLE.matcher(name);
			if (middle.matches()) return middle.group(1);
			final Matcher entry = ENTRY.matcher(name);
			return entry.matches() ? entry.group(1) + "." + Integer.parseInt(entry.group(2)) / offload.numBlocksPerGroup() : name;
		}

		private String nameOf(final Block block) {
			return block.path() + block.leaves().get(0).name();
		}
	}
}
