package sc.fiji.diffedit.service;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.memory.Automatic;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.PlacedAutoencoder;
import sc.fiji.diffedit.memory.PreciseAutoencoder;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.memory.SlicedAutoencoder;
import sc.fiji.diffedit.memory.Switch;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.models.FiniteAutoencoder;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.tensor.DType;

/**
 * Creates the autoencoder of a model: the class named in its config, with the precision, slicing and tiling of the memory plan, and
 * with a check for non-finite results.
 */
final class AutoencoderParts {

	private static final String COMPONENT = "vae";
	/** Whether the autoencoder of a model overflows in an element type of 16 bits, by both and the stamps of its files: a model that is loaded again is not tried again. */
	private static final Map<String, AtomicBoolean> OVERFLOWED = new ConcurrentHashMap<>();

	private final OpenModel model;
	private final ModelMemory memory;
	private final MemoryPlan plan;

	private AutoencoderParts(final OpenModel model) {
		this.model = model;
		this.memory = model.memory();
		this.plan = model.plan().plan();
	}

	static Autoencoder of(final OpenModel model) {
		final AutoencoderParts parts = new AutoencoderParts(model);
		final Autoencoder network = parts.network();
		parts.requireChannels(network.latentChannels());
		return model.keep(new FiniteAutoencoder(parts.inPieces(network)));
	}

	/** Tiny autoencoders of newer families look the same otherwise. */
	private void requireChannels(final int latents) {
		final int made = model.config("unet").getInt("out_channels", 4);
		if (latents == made) return;
		throw new DiffEditException("The autoencoder has latents of " + Counted.of(latents, "channel") + ", but the UNet makes " + made + "; choose an autoencoder for this family of models.");
	}

	private Autoencoder network() {
		final String name = model.folder().className(COMPONENT);
		if (name.equals("AutoencoderTiny")) {
			return place(new AutoencoderTiny(AutoencoderTinyConfig.of(model.config(COMPONENT)), model.folder().weights(COMPONENT),
				model.options().dtype(), memory.built(COMPONENT)));
		}
		if (!name.equals("AutoencoderKL")) {
			throw new DiffEditException("The model's vae is of class " + name + "; supported are AutoencoderKL and AutoencoderTiny.");
		}
		final AutoencoderKLConfig config = AutoencoderKLConfig.of(model.config(COMPONENT));
		final Autoencoder vae = network(config, model.options().dtype());
		return vae.dtype() == DType.FLOAT32 ? vae : new PreciseAutoencoder(vae, network(config, DType.FLOAT32), overflowed(vae.dtype()), Notices::warn);
	}

	private AtomicBoolean overflowed(final DType dtype) {
		return OVERFLOWED.computeIfAbsent(dtype + " " + model.stamps(), key -> new AtomicBoolean());
	}

	private Autoencoder network(final AutoencoderKLConfig config, final DType dtype) {
		return place(new AutoencoderKL(config, model.folder().weights(COMPONENT), dtype, memory.built(COMPONENT)));
	}

	private <T extends Network> T place(final T network) {
		return model.read(COMPONENT, memory.place(COMPONENT, network));
	}

	/** Applies slicing and tiling as planned: slices of a batch are cut into tiles, as in diffusers. */
	private Autoencoder inPieces(final Autoencoder vae) {
		final Autoencoder placed = memory.inputs(COMPONENT).equals(memory.inputs("unet")) ? vae : new PlacedAutoencoder(vae, memory.inputs(COMPONENT));
		final Autoencoder tiled = plan.vaeTiling().isOn() || isTiledIfLarge() ? new TiledAutoencoder(placed, tiling(vae)) : placed;
		return plan.vaeSlicing().isOn() ? new SlicedAutoencoder(tiled) : tiled;
	}

	private Tiling tiling(final Autoencoder vae) {
		if (plan.tileSize() > 0) return Tiling.ofPixels(plan.tileSize(), vae);
		return isTiledIfLarge() ? Automatic.tiling(vae, model.plan().room()) : Tiling.ofPixels(vae.sampleSize(), vae);
	}

	/** Whether tiling is automatic: images are cut into tiles where they would take most of the free memory. */
	private boolean isTiledIfLarge() {
		final MemoryPlan requested = model.options().memory();
		return requested.preset() == Preset.AUTOMATIC && requested.vaeTiling() == Switch.AUTO && !plan.vaeTiling().isOn();
	}
}
