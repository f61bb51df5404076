package sc.fiji.diffedit.service;

import java.util.Optional;

import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.FastPath;
import sc.fiji.diffedit.tensor.KernelChoices;

/**
 * Everything about the networks of a model that can change their answers, besides what goes into them: its files, how it was
 * loaded (element type included), its memory plan, the device, the kernels, and the adapters of the present borrower. These
 * may change from call to call, so they are looked at anew each time.
 */
final class ModelIdentity {

	private final String loaded;
	private final AdaptedModel adapted;
	private final Optional<ModelIdentity> base;

	/**
	 * @param files as they were when the model was opened
	 * @param base of the model whose text encoder this one shares
	 */
	ModelIdentity(final FileStamps files, final LoadOptions options, final MemoryPlan plan, final Autoencoder vae, final Device device,
		final AdaptedModel adapted, final Optional<ModelIdentity> base)
	{
		this.loaded = files + "\n" + options + "\n" + plan + "\n" + TiledAutoencoder.tilingOf(vae) + "\n" + device + "\n" + FastPath.allOn() + "\n" + KernelChoices.inForce();
		this.adapted = adapted;
		this.base = base;
	}

	/** Textual inversions change prompts and no UNet. */
	String ofUnet() {
		return loaded + adapted.loras();
	}

	/** Adapters change no autoencoder. */
	String ofAutoencoder() {
		return loaded;
	}

	/** A shared text encoder has the adapters of the model that it belongs to. */
	String ofPromptEncoder() {
		return base.map(ModelIdentity::ofPromptEncoder).orElse("") + loaded + adapted.loras() + adapted.textualInversions();
	}
}
