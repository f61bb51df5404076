package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Key;
import sc.fiji.diffedit.weights.LoraKeys.Place;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * A low-rank adapter (Hu et al. 2021): for some layers of UNet and text encoders, a small pair of matrices whose product,
 * times {@code alpha / rank}, is added to the layer's weight; with a magnitude vector, the sum is then given the length it
 * names per output (DoRA, Liu et al. 2024). See {@link LoraKeys} for the namings that are read. The file stays open, and its
 * tensors are read when a layer is loaded.
 */
public final class Lora implements AutoCloseable {

	/** The tensors of one layer in the file; {@code up} and {@code down} always, the others where present. */
	private record Stored(Map<Role, String> tensors) {}

	/**
	 * What an adapter does to one layer of a network: names of its tensors in the file and {@code alpha / rank}.
	 *
	 * @param overInputs whether the magnitude is the length of each input's weights and not of each output's
	 */
	record Layer(Weights file, String down, String up, Optional<String> magnitude, boolean overInputs, double scale) {}

	/** A tensor of the file that is added to one of a network, times a scale. */
	record Addition(Weights file, String tensor, double scale) {}

	/** What an adapter does to one network: layers with a low-rank pair, and tensors to which others are added. */
	record Changes(Map<String, Layer> layers, Map<String, Addition> additions) {

		Changes() {
			this(new LinkedHashMap<>(), new LinkedHashMap<>());
		}
	}

	private final String name;
	private final WeightsFile file;
	private final Map<Place, Stored> layers = new LinkedHashMap<>();
	private final Set<String> unknown = new LinkedHashSet<>();
	private final LoraSettings settings;

	private Lora(final WeightsFile file) {
		this.file = file;
		this.name = file.path().getFileName().toString();
		this.settings = LoraSettings.of(file);
		final Map<String, Stored> byLayer = new LinkedHashMap<>();
		for (final String tensor : file.names()) {
			final Optional<Key> key = LoraKeys.parse(tensor);
			if (key.isPresent()) byLayer.computeIfAbsent(key.get().layer(), layer -> new Stored(new HashMap<>())).tensors().put(key.get().role(), tensor);
			else unknown.add(tensor);
		}
		byLayer.forEach(this::place);
		if (layers.isEmpty()) {
			file.close();
			throw new DiffEditException(name + " holds no LoRA for Stable Diffusion" + (unknown.isEmpty() ? "" : " (its first tensor is '" + file.names().iterator().next() + "')")
				+ "; choose a LoRA in the naming of diffusers or kohya.");
		}
	}

	/**
	 * Opens a file, or the folder that PEFT writes.
	 *
	 * @throws DiffEditException if it is damaged or holds no LoRA
	 */
	public static Lora open(final Path path) {
		return new Lora(WeightsFile.open(LoraSettings.fileIn(path)));
	}

	private void place(final String layer, final Stored stored) {
		final Optional<Place> place = LoraKeys.place(layer);
		final Set<Role> roles = stored.tensors().keySet();
		final boolean pair = roles.contains(Role.DOWN) && roles.contains(Role.UP);
		final boolean half = roles.contains(Role.DOWN) || roles.contains(Role.UP) || roles.contains(Role.MAGNITUDE) || roles.contains(Role.UP_BIAS);
		if (place.isPresent() && (pair || !half && (roles.contains(Role.WEIGHT) || roles.contains(Role.BIAS)))) layers.put(place.get(), stored);
		else unknown.addAll(stored.tensors().values());
	}

	/** The file's name. */
	public String name() {
		return name;
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
			if (layer == null) unmatched.addAll(stored.tensors().values());
			else add(place, layer, stored, bases.get(place.network()), found.computeIfAbsent(place.network(), key -> new Changes()), unmatched);
		});
		if (found.isEmpty()) throw otherFamily("none of its layers is in this model");
		return found;
	}

	private void add(final Place place, final String layer, final Stored stored, final Weights base, final Changes changes, final Set<String> unmatched) {
		double scale = 1;
		if (stored.tensors().containsKey(Role.DOWN)) {
			final Layer pair = layer(place, layer, stored, base);
			changes.layers().put(layer, pair);
			scale = pair.scale();
		}
		for (final Role role : new Role[] { Role.UP_BIAS, Role.WEIGHT, Role.BIAS }) {
			final String tensor = stored.tensors().get(role);
			final String target = layer + (role == Role.WEIGHT ? ".weight" : ".bias");
			if (tensor == null) continue;
			if (!base.has(target)) unmatched.add(tensor);
			else if (!Arrays.equals(base.shape(target), file.shape(tensor))) throw otherFamily("for '" + target + "' it has a difference " + Arrays.toString(file.shape(tensor))
				+ ", but the tensor is " + Arrays.toString(base.shape(target)));
			else changes.additions().put(target, new Addition(file, tensor, role == Role.UP_BIAS ? scale : 1));
		}
	}

	private DiffEditException otherFamily(final String why) {
		return new DiffEditException(name + " was made for another family of models: " + why + ". Choose a LoRA for this model's family.");
	}

	private Layer layer(final Place place, final String layer, final Stored stored, final Weights base) {
		final String down = stored.tensors().get(Role.DOWN);
		final String up = stored.tensors().get(Role.UP);
		final long[] expected = base.shape(layer + ".weight");
		final long[] downShape = file.shape(down);
		final long[] upShape = file.shape(up);
		final boolean pair = downShape.length >= 2 && upShape.length >= 2 && downShape[0] > 0 && downShape[0] == upShape[1] && product(upShape, 2) == 1;
		if (!pair || expected.length < 2 || upShape[0] != expected[0] || product(downShape, 1) != product(expected, 1)) {
			throw otherFamily("for '" + layer + "' it has matrices " + Arrays.toString(downShape) + " and " + Arrays.toString(upShape)
				+ ", but the layer's weight is " + Arrays.toString(expected));
		}
		final Optional<String> magnitude = Optional.ofNullable(stored.tensors().get(Role.MAGNITUDE));
		final boolean overInputs = magnitude.isPresent() && isOverInputs(magnitude.get());
		if (magnitude.isPresent() && product(file.shape(magnitude.get()), 0) != expected[overInputs ? 1 : 0]) throw otherFamily("its magnitude for '" + layer + "' has another length");
		return new Layer(file, down, up, magnitude, overInputs, scale(place, stored, downShape[0]));
	}

	/** LyCORIS and kohya have a magnitude [1, inputs, ...] or [outputs, 1, ...]; PEFT's, under a name of its own, is always of the outputs. */
	private boolean isOverInputs(final String magnitude) {
		final long[] shape = file.shape(magnitude);
		return magnitude.endsWith(".dora_scale") && shape.length > 1 && shape[0] == 1;
	}

	private static long product(final long[] shape, final int from) {
		long product = 1;
		for (int i = from; i < shape.length; i++) product *= shape[i];
		return product;
	}

	/** {@code alpha / rank}; an adapter that names no alpha has one that equals its rank. */
	private double scale(final Place place, final Stored stored, final long rank) {
		final String alpha = stored.tensors().get(Role.ALPHA);
		final double value = alpha == null ? settings.alpha(place, rank) : read(alpha);
		return settings.isRankStabilised(place) ? value / Math.sqrt(rank) : value / rank;
	}

	private double read(final String tensor) {
		try (Scope scope = Scope.open()) {
			final Tensor value = file.get(tensor);
			if (value.count() != 1 || !value.isFinite()) throw new DiffEditException(name + " has '" + tensor + "', which is not one number; download or copy it again.");
			return value.toFloat();
		}
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
