package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.LoraKeys.Key;
import sc.fiji.diffedit.weights.LoraKeys.Place;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * An adapter: for some layers of UNet and text encoders, what changes their weights, in one of the {@linkplain AdapterForm forms} of
 * LoRA (Hu et al. 2021) and LyCORIS (Yeh et al. 2024), and differences for others. See {@link LoraKeys} for the namings that are read.
 * The file stays open, and its tensors are read when a layer is loaded.
 */
public final class Lora implements AutoCloseable {

	/** The tensors of one layer in the file, in a form. */
	private record Stored(LayerTensors tensors, AdapterForm form) {}

	/** A tensor of the file that is added to one of a network, times a scale. */
	record Addition(Weights file, String tensor, double scale) {}

	/** What an adapter does to one network: changed layers by name, and tensors to which others are added. */
	record Changes(Map<String, WeightChange> layers, Map<String, Addition> additions) {

		Changes() {
			this(new LinkedHashMap<>(), new LinkedHashMap<>());
		}
	}

	private final WeightsFile file;
	private final Map<Place, Stored> layers = new LinkedHashMap<>();
	private final Set<String> unknown = new LinkedHashSet<>();
	private final LoraSettings settings;

	private Lora(final WeightsFile file) {
		this.file = file;
		this.settings = LoraSettings.of(file);
		final Map<String, Map<Role, String>> byLayer = new LinkedHashMap<>();
		for (final String tensor : file.names()) {
			final Optional<Key> key = LoraKeys.parse(tensor, file.names());
			if (key.isEmpty()) unknown.add(tensor);
			else if (byLayer.computeIfAbsent(key.get().layer(), layer -> new EnumMap<>(Role.class)).put(key.get().role(), tensor) != null) throw twice(key.get().layer(), tensor);
		}
		ForeignModels.refuseAdapter(name(), unknown);
		byLayer.forEach(this::place);
		if (layers.isEmpty()) throw new DiffEditException(name() + " holds no LoRA for Stable Diffusion" + (unknown.isEmpty() ? "" : " (its first tensor is '" + file.names().iterator().next() + "')")
			+ "; choose a LoRA in the naming of diffusers, kohya or LyCORIS.");
	}

	/**
	 * Opens a file, or the folder that PEFT writes.
	 *
	 * @throws DiffEditException if it is damaged, holds no LoRA, or one of a form that is not known
	 */
	public static Lora open(final Path path) {
		final WeightsFile file = WeightsFile.open(LoraSettings.fileIn(path));
		try {
			return new Lora(file);
		}
		catch (final RuntimeException e) {
			file.close();
			throw e;
		}
	}

	private void place(final String layer, final Map<Role, String> names) {
		final Optional<Place> place = LoraKeys.place(layer);
		if (place.isEmpty() || names.keySet().equals(Set.of(Role.ALPHA))) {
			unknown.addAll(names.values());
			return;
		}
		final LayerTensors tensors = new LayerTensors(file, layer, names);
		final AdapterForm form = AdapterForm.of(tensors);
		if (form.needsConfig(tensors) && !settings.peft().isThere()) throw new DiffEditException(name() + " is " + form.title() + " in a folder of PEFT, whose adapter_config.json is missing; name the folder with adapter_model.safetensors and that file, since it says how the tensors are meant.");
		if (layers.put(place.get(), new Stored(tensors, form)) != null) throw twice(place.get().name(), layer);
	}

	/** The file's name. */
	public String name() {
		return file.path().getFileName().toString();
	}

	/** A sentence if the scale of its pairs had to be guessed: PEFT writes alpha into another file than the tensors. */
	Optional<String> guess() {
		final boolean guessed = settings.isSilent() && layers.values().stream().anyMatch(one -> one.form() == AdapterForm.LORA && one.tensors().isOfPeft() && !one.tensors().has(Role.ALPHA));
		return guessed ? Optional.of(name() + " was written by PEFT without its adapter_config.json, which says how strong it is; alpha was taken to be the rank, as in diffusers. Put that file beside it, and name the folder.") : Optional.empty();
	}

	/** The networks it changes: {@code unet}, {@code text_encoder}, {@code text_encoder_2}. */
	public Set<String> networks() {
		final Set<String> networks = new TreeSet<>();
		layers.keySet().forEach(place -> networks.add(place.network()));
		return networks;
	}

	/**
	 * Finds the layers of some networks that this adapter changes.
	 *
	 * @param bases the networks of a model by part name
	 * @param unmatched takes the names of what fits nothing
	 * @return for each network, its changed layers
	 * @throws DiffEditException if the adapter was made for another family of models
	 */
	Map<String, Changes> fit(final Map<String, Weights> bases, final Set<String> unmatched) {
		final Map<String, Changes> found = new LinkedHashMap<>();
		final Map<String, Map<String, String>> names = new HashMap<>();
		bases.forEach((network, base) -> names.put(network, LoraKeys.layersByName(network, base)));
		unmatched.addAll(unknown);
		layers.forEach((place, stored) -> {
			if (place.network().equals("text_encoder_2") && !bases.containsKey(place.network())) throw otherFamily("it also changes a second text encoder, which this model does not have");
			final String layer = names.getOrDefault(place.network(), Map.of()).get(place.name());
			if (layer == null) unmatched.addAll(stored.tensors().allNames());
			else add(place, layer, stored, bases.get(place.network()), found.computeIfAbsent(place.network(), key -> new Changes()), unmatched);
		});
		if (found.isEmpty()) throw otherFamily("none of its layers is in this model");
		return found;
	}

	private void add(final Place place, final String layer, final Stored stored, final Weights base, final Changes changes, final Set<String> unmatched) {
		final LayerTensors tensors = stored.tensors();
		if (stored.form() != AdapterForm.DIFFERENCE) {
			final WeightChange change = change(place, stored);
			final long[] weight = base.shape(layer + ".weight");
			if (weight.length < 2 || !change.fits(weight)) throw otherFamily("for '" + layer + "' its " + stored.form().title() + " has " + tensors.shapes() + ", but the layer's weight is " + Arrays.toString(weight));
			if (changes.layers().put(layer, change) != null) throw twice(layer, tensors.layer());
		}
		for (final Role role : new Role[] { Role.UP_BIAS, Role.WEIGHT, Role.BIAS }) {
			if (!tensors.has(role)) continue;
			final String tensor = tensors.name(role), target = layer + (role == Role.WEIGHT ? ".weight" : ".bias");
			if (!base.has(target)) unmatched.add(tensor);
			else if (!Arrays.equals(base.shape(target), file.shape(tensor))) throw otherFamily("for '" + target + "' it has a difference " + Arrays.toString(file.shape(tensor))
				+ ", but the tensor is " + Arrays.toString(base.shape(target)));
			else if (changes.additions().put(target, new Addition(file, tensor, role == Role.UP_BIAS ? scale(place, tensors, tensors.size(Role.DOWN, 0)) : 1)) != null) throw twice(target, tensor);
		}
	}

	/** Only one of both would count. */
	private DiffEditException twice(final String what, final String second) {
		return new DiffEditException(name() + " changes '" + what + "' twice, the second time by '" + second
			+ "'; it is damaged or of a kind that is not known here, so download it again or take another adapter.");
	}

	private DiffEditException otherFamily(final String why) {
		return new DiffEditException(name() + " was made for another family of models: " + why + ". Choose a LoRA for this model's family.");
	}

	private WeightChange change(final Place place, final Stored stored) {
		return stored.form().change(stored.tensors(), rank -> scale(place, stored.tensors(), rank), settings.peft());
	}

	/**
	 * {@code alpha / rank}, or what the file has in its place; 1 without a rank. An adapter that names no alpha has one that equals its
	 * rank; 0 means the same for the programs that write it.
	 */
	private double scale(final Place place, final LayerTensors tensors, final long ofTensors) {
		final long rank = ofTensors > 0 ? ofTensors : settings.peft().rank(place.name());
		final double besides = tensors.number(Role.SCALAR, 1);
		if (tensors.has(Role.SCALE)) return tensors.number(Role.SCALE, 1) * besides;
		if (rank <= 0) return besides;
		final double alpha = tensors.has(Role.ALPHA) ? tensors.number(Role.ALPHA, rank) : settings.alpha(place, rank);
		final double value = alpha == 0 && tensors.has(Role.ALPHA) ? rank : alpha;
		return besides * (settings.isRankStabilised(place) ? value / Math.sqrt(rank) : value / rank);
	}

	// -- telling --

	/** The forms of its layers, each with its ranks: {@code LoRA of rank 4 to 8, difference}. */
	String forms() {
		final Map<String, TreeSet<Long>> ranks = new LinkedHashMap<>();
		layers.entrySet().stream().sorted(Comparator.comparing(layer -> layer.getValue().form())).forEach(layer -> {
			final TreeSet<Long> ofForm = ranks.computeIfAbsent(title(layer.getValue()), title -> new TreeSet<>());
			if (layer.getValue().form() != AdapterForm.DIFFERENCE) ofForm.add(change(layer.getKey(), layer.getValue()).rank());
		});
		ranks.values().forEach(ofForm -> ofForm.remove(0L));
		final List<String> words = new ArrayList<>();
		ranks.forEach((title, ofForm) -> words.add(ofForm.isEmpty() ? title : title + " of rank " + ofForm.first() + (ofForm.size() == 1 ? "" : " to " + ofForm.last())));
		return String.join(", ", words);
	}

	private static String title(final Stored stored) {
		final LayerTensors tensors = stored.tensors();
		final String title = stored.form() == AdapterForm.OFT && Orthogonal.isButterfly(tensors) ? "BOFT" : stored.form().title();
		return title + (tensors.has(Role.MAGNITUDE) ? " with magnitudes (DoRA)" : "");
	}

	/** The family of models it was made for, by its networks and by the width of the words that the UNet attends to; empty where it does not say. */
	Optional<Family> family() {
		for (final Map.Entry<Place, Stored> layer : layers.entrySet()) {
			if (layer.getValue().form() == AdapterForm.DIFFERENCE || !layer.getKey().name().matches(".*attn2[._]to_[kv]")) continue;
			final long width = change(layer.getKey(), layer.getValue()).inputs();
			for (final Family family : Family.values()) if (family.crossAttentionDim() == width) return Optional.of(family);
		}
		return networks().contains("text_encoder_2") ? Optional.of(Family.SDXL) : Optional.empty();
	}

	/** The file itself, open as long as this. */
	WeightsFile file() {
		return file;
	}

	/** Names of tensors that it knows nothing of. */
	Set<String> unused() {
		return Set.copyOf(unknown);
	}

	/** The layers' names in the file's own words, for messages and tests. */
	List<String> layerNames() {
		final List<String> names = new ArrayList<>();
		layers.keySet().forEach(place -> names.add(place.network() + "." + place.name()));
		return names;
	}

	/** Closes the file. */
	@Override
	public void close() {
		file.close();
	}
}
