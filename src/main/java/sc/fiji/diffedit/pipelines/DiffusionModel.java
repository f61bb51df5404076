package sc.fiji.diffedit.pipelines;

import java.util.Optional;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.PromptEncoder;

/**
 * The parts of a Stable Diffusion model, as pipelines use them. Parts may come from different folders; a pipeline never
 * closes one. All pipelines of a model share these very parts.
 *
 * @param name how the user calls it, for messages and image info
 * @param promptEncoder tokenizers and text encoders
 * @param unet predicts noise
 * @param vae between pictures and latents
 * @param scheduler the model's {@code scheduler_config.json}
 * @param safety checks decoded pictures and blackens flagged ones; empty when there is none or it is switched off
 * @param device where latents live and networks compute
 */
public record DiffusionModel(String name, PromptEncoder promptEncoder, UNet unet, Autoencoder vae, Config scheduler,
	Optional<SafetyFilter> safety, Device device) {

	// -- the same model with one part exchanged --

	public DiffusionModel withPromptEncoder(final PromptEncoder promptEncoder) {
		return new DiffusionModel(name, promptEncoder, unet, vae, scheduler, safety, device);
	}

	public DiffusionModel withUnet(final UNet unet) {
		return new DiffusionModel(name, promptEncoder, unet, vae, scheduler, safety, device);
	}

	public DiffusionModel withVae(final Autoencoder vae) {
		return new DiffusionModel(name, promptEncoder, unet, vae, scheduler, safety, device);
	}

	public DiffusionModel withScheduler(final Config scheduler) {
		return new DiffusionModel(name, promptEncoder, unet, vae, scheduler, safety, device);
	}

	/**
	 * The same with a scheduler of another class over the model's own noise schedule
	 * ({@code pipe.scheduler = X.from_config(pipe.scheduler.config)} in diffusers).
	 *
	 * @param className such as {@code UniPCMultistepScheduler}
	 */
	public DiffusionModel withScheduler(final String className) {
		final JsonObject other = scheduler.json().deepCopy();
		other.addProperty("_class_name", className);
		return withScheduler(new Config(scheduler.source(), other));
	}
}
