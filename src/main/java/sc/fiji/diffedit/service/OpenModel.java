package sc.fiji.diffedit.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.OneLine;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/** A model's open files, its memory plan, and the networks created from them so far, which are freed together. */
final class OpenModel implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(OpenModel.class);

	private final LoadOptions options;
	private final Path root;
	private final ModelFolder folder;
	private final WeightsPlan plan;
	private final AdaptedModel adapted = new AdaptedModel();
	private final LeftOut leftOut = new LeftOut();
	/** Those whose weights stay in quantised blocks. */
	private final Set<Network> quantised = Collections.newSetFromMap(new IdentityHashMap<>());
	private final Deque<AutoCloseable> opened = new ArrayDeque<>();

	/**
	 * @param shares whether all components but the UNet belong to another model
	 * @param notes receives a message if part of the memory plan cannot be applied
	 */
	OpenModel(final LoadOptions options, final Device device, final Mover mover, final boolean shares, final Consumer<String> notes) {
		this.options = options;
		this.root = root(options.model());
		this.folder = keep(ModelFolder.open(root, options.files().withReading(options.reading())));
		try {
			this.plan = new WeightsPlan(options, folder, sizes(shares), device, mover, notes);
		}
		catch (final RuntimeException e) {
			folder.close();
			throw e;
		}
		keep(plan.memory());
	}

	/** Where the files of a model are. */
	static Path root(final String model) {
		return model.equals(LoadOptions.DEMO) ? DemoModel.folder() : ModelPlaces.ofSettings().find(model);
	}

	private Map<String, Long> sizes(final boolean shares) {
		final Map<String, Long> sizes = new LinkedHashMap<>();
		for (final String component : MemoryPlan.COMPONENTS) {
			if (!folder.has(component) || shares && !component.equals("unet") || component.equals(SafetyParts.COMPONENT) && !SafetyParts.isWanted(this)) continue;
			sizes.put(component, folder.weights(component).byteCount(options.dtype()));
		}
		return sizes;
	}

	LoadOptions options() {
		return options;
	}

	ModelFolder folder() {
		return folder;
	}

	Config config(final String part) {
		return leftOut.config(part, folder);
	}

	WeightsPlan plan() {
		return plan;
	}

	ModelMemory memory() {
		return plan.memory();
	}

	AdaptedModel adapted() {
		return adapted;
	}

	/** SHA-256 over the content of its files. */
	String fingerprint() {
		return Fingerprint.of(root);
	}

	/** Stamps of its files, taken now. */
	FileStamps stamps() {
		final List<Path> places = new ArrayList<>(options.files().separateParts().values());
		places.add(root);
		folder.neighbours().stream().filter(Files::exists).forEach(places::add);
		options.files().companion().ifPresent(places::add);
		final Stream<Path> parts = folder.parts().stream().map(folder.root()::resolve);
		return FileStamps.of(places, !options.reading().copies(root)).andMissing(Stream.concat(folder.neighbours().stream(), parts).toList());
	}

	/** Weights of a component, to which adapters can be added. */
	Weights adaptable(final String part) {
		return adapted.adaptable(part, folder.weights(part));
	}

	/** A network that accepts adapters, managed by the memory plan and freed with the model. */
	<T extends Network> T place(final String part, final T network) {
		if (plan.isQuantised(part)) quantised.add(network);
		return keep(read(part, memory().place(part, adapted.built(part, network))));
	}

	/** A network that has been made of the weights of a component. */
	<T extends Network> T read(final String part, final T network) {
		leftOut.built(part, network);
		return network;
	}

	/** What the user should know of its files, such as what is in them and not used. */
	List<String> notices() {
		return Stream.of(folder.notices().stream(), leftOut.sentences(folder).stream(), SafetyParts.lack(this).stream()).flatMap(sentences -> sentences).map(OneLine::of).toList();
	}

	/** Registers a component to be freed with the model. */
	<T extends AutoCloseable> T keep(final T part) {
		opened.push(part);
		return part;
	}

	/** Bytes of the weights of all networks created so far. */
	long bytes() {
		return opened.stream().filter(Network.class::isInstance).map(Network.class::cast)
			.mapToLong(network -> quantised.contains(network) ? network.blocks().get(0).weights().storedByteCount() : network.parameterCount() * network.dtype().bytes()).sum();
	}

	/** Frees the components in the reverse order of opening: networks before the files they are mapped from. */
	@Override
	public void close() {
		for (final AutoCloseable part : List.copyOf(opened)) {
			try {
				part.close();
			}
			catch (final Exception e) {
				LOG.warn("A part of model '{}' could not be freed: {}", options.model(), e.getMessage());
			}
		}
		opened.clear();
	}
}
