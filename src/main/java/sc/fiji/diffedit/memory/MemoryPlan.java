package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Device;

/**
 * When and where the weights and activations of a model live: a preset, and parts that differ from it. A value; the service
 * applies it to networks, which are independent of it. Components have the names of their folders ({@code unet}, {@code vae},
 * {@code text_encoder}, {@code text_encoder_2}, {@code safety_checker}); {@link #ALL} stands for all that are not named.
 *
 * @param preset what every part has that is left open
 * @param offload when weights come and go, by component
 * @param storage type in which weights are kept, by component
 * @param placement which component or layer lives on which device
 * @param packed whether the UNet's weights are kept in oneDNN's layouts on a CPU; takes the place of mapped weights, so it
 *          goes without offload and storage of the UNet
 * @param channelsLast whether images flow through the UNet with their channels last ({@code memory_format=torch.channels_last});
 *          packed UNets on a CPU and autoencoders do so anyway
 * @param vaeSlicing whether the autoencoder takes the images of a batch one at a time
 * @param vaeTiling whether the autoencoder takes images above the size of a tile in tiles
 * @param tileSize edge of such a tile in pixels; 0 for the size the autoencoder was made for
 * @param copyWeights whether weight files are copied to memory instead of mapped
 */
public record MemoryPlan(Preset preset, Map<String, Offload> offload, Map<String, Storage> storage, Placement placement, Switch packed,
	Switch channelsLast, Switch vaeSlicing, Switch vaeTiling, int tileSize, Switch copyWeights)
{

	/** All components that are not named. */
	public static final String ALL = "*";
	/** The folders of a model that hold networks. */
	public static final List<String> COMPONENTS = List.of("unet", "vae", "text_encoder", "text_encoder_2", "safety_checker");
	/** What suits machine and model. */
	public static final MemoryPlan AUTOMATIC = of(Preset.AUTOMATIC);

	public MemoryPlan {
		offload = Collections.unmodifiableMap(new LinkedHashMap<>(offload));
		storage = Collections.unmodifiableMap(new LinkedHashMap<>(storage));
		offload.keySet().stream().filter(component -> !component.equals(ALL)).forEach(MemoryPlan::check);
		storage.keySet().stream().filter(component -> !component.equals(ALL)).forEach(MemoryPlan::check);
		placement.devices().keySet().forEach(layers -> check(layers.split("\\.")[0]));
	}

	private static void check(final String component) {
		if (COMPONENTS.contains(component)) return;
		throw new DiffEditException("The memory plan names a component '" + component + "'; components are " + String.join(", ", COMPONENTS) + ".");
	}

	/** A preset as it is. */
	public static MemoryPlan of(final Preset preset) {
		return new MemoryPlan(preset, Map.of(), Map.of(), Placement.NONE, Switch.AUTO, Switch.AUTO, Switch.AUTO, Switch.AUTO, 0, Switch.AUTO);
	}

	// -- parts --

	public MemoryPlan withPreset(final Preset preset) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	/** Offload of all components that are not named. */
	public MemoryPlan withOffload(final Offload offload) {
		return withOffload(ALL, offload);
	}

	public MemoryPlan withOffload(final String component, final Offload offload) {
		return new MemoryPlan(preset, with(this.offload, component, offload), storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	/** Storage of all components that are not named. */
	public MemoryPlan withStorage(final Storage storage) {
		return withStorage(ALL, storage);
	}

	public MemoryPlan withStorage(final String component, final Storage storage) {
		return new MemoryPlan(preset, offload, with(this.storage, component, storage), placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	/** Other places; {@link Placement#NONE} resets them. */
	public MemoryPlan withPlacement(final Placement placement) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	public MemoryPlan withPacked(final Switch packed) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	public MemoryPlan withChannelsLast(final Switch channelsLast) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	public MemoryPlan withVaeSlicing(final Switch vaeSlicing) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	public MemoryPlan withVaeTiling(final Switch vaeTiling) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	/** Tiles of a given edge in pixels, switched on. */
	public MemoryPlan withTileSize(final int tileSize) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, Switch.ON, tileSize, copyWeights);
	}

	public MemoryPlan withCopyWeights(final Switch copyWeights) {
		return new MemoryPlan(preset, offload, storage, placement, packed, channelsLast, vaeSlicing, vaeTiling, tileSize, copyWeights);
	}

	private static <T> Map<String, T> with(final Map<String, T> map, final String key, final T value) {
		final Map<String, T> more = new LinkedHashMap<>(map);
		more.put(key, value);
		return more;
	}

	/** Offload of a component: its own, or that of all, or none. */
	public Offload offloadOf(final String component) {
		return offload.getOrDefault(component, offload.getOrDefault(ALL, Offload.NONE));
	}

	/** Storage of a component: its own, or that of all, or empty for the type it computes in ({@link Storage#NONE} among them). */
	public Optional<Storage> storageOf(final String component) {
		return Optional.ofNullable(storage.getOrDefault(component, storage.get(ALL))).filter(Storage::isOn);
	}

	/** Whether weights of a component that lie in quantised blocks stay in them: unless the plan says something about their storage. */
	public boolean keepsQuantised(final String component) {
		return !storage.containsKey(component) && !storage.containsKey(ALL);
	}

	/** The plan with every open part as its preset has it on a device. Offload for all components puts the preset's aside. */
	public MemoryPlan filledFor(final Device device) {
		final MemoryPlan base = preset.parts(device);
		final Map<String, Offload> filled = new LinkedHashMap<>(offload.containsKey(ALL) ? Map.of() : base.offload);
		filled.putAll(offload);
		return new MemoryPlan(preset, filled, storage, placement, packed.or(base.packed), channelsLast.or(base.channelsLast), vaeSlicing.or(base.vaeSlicing),
			vaeTiling.or(base.vaeTiling), tileSize, copyWeights.or(base.copyWeights));
	}

	// -- text --

	/**
	 * Reads a plan as {@link #toString()} writes it, for macros and scripts: parts between semicolons, such as
	 * {@code preset=low; offload=model; vae.offload=leaf; text_encoder.offload=block:2; unet.storage=float8_e4m3fn; vae.storage=none;
	 * device_map=balanced; max_memory=cuda:0=8GB,cpu=16GB; unet.device=cuda:1; unet.down_blocks.0.device=disk; packed=off;
	 * channels_last=on; vae_slicing=on; vae_tiling=on; tile_size=512; copy_weights=on}. An empty text is {@link #AUTOMATIC}, and a preset's
	 * word or label alone is that preset.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if a part is unknown
	 */
	public static MemoryPlan parse(final String text) {
		return MemoryPlanText.parse(text);
	}

	/** The parts that are set, as {@link #parse} reads them. */
	@Override
	public String toString() {
		final List<String> parts = new ArrayList<>(List.of("preset=" + preset));
		offload.forEach((component, value) -> parts.add(key(component, "offload") + "=" + value));
		storage.forEach((component, value) -> parts.add(key(component, "storage") + "=" + value));
		if (placement.balanced()) parts.add("device_map=balanced");
		if (!placement.maxMemory().isEmpty()) parts.add("max_memory=" + MemoryPlanText.limits(placement.maxMemory()));
		placement.devices().forEach((layers, device) -> parts.add(layers + ".device=" + device));
		if (packed != Switch.AUTO) parts.add("packed=" + packed);
		if (channelsLast != Switch.AUTO) parts.add("channels_last=" + channelsLast);
		if (vaeSlicing != Switch.AUTO) parts.add("vae_slicing=" + vaeSlicing);
		if (vaeTiling != Switch.AUTO) parts.add("vae_tiling=" + vaeTiling);
		if (tileSize > 0) parts.add("tile_size=" + tileSize);
		if (copyWeights != Switch.AUTO) parts.add("copy_weights=" + copyWeights);
		return String.join(";", parts);
	}

	private static String key(final String component, final String property) {
		return component.equals(ALL) ? property : component + "." + property;
	}
}
