// Text to image with a loop of your own: encoded prompts, a scheduler from parameters, guidance, and the decoder.
// Everything native lives in the innermost scope; what leaves the call is a plain picture, which Fiji shows as an image.
#@ DiffusionModelService models
#@ String(label = "Model", value = "demo") model
#@ String(label = "What should be in the image", value = "green nuclei") prompt
#@ Integer(label = "Steps", value = 20) steps
#@ Double(label = "Guidance", value = 7.5) guidance
#@ Long(label = "Seed", value = 7) seed
#@ Integer(label = "Width", value = 64) width
#@ Integer(label = "Height", value = 64) height
#@output picture
#@output ij.ImagePlus result

import com.google.gson.Gson
import sc.fiji.diffedit.fiji.Pictures
import sc.fiji.diffedit.schedulers.Scheduler
import sc.fiji.diffedit.tensor.*
import sc.fiji.diffedit.config.Config

parameters = [beta_start: 0.00085d, beta_end: 0.012d, beta_schedule: "scaled_linear", num_train_timesteps: 1000]
lms = Scheduler.of("LMSDiscreteScheduler", new Config("this script", new Gson().toJsonTree(parameters).getAsJsonObject()))

models.borrow(model).withCloseable { lease ->
	picture = lease.call { parts ->
		def words = parts.promptEncoder().encode(["", prompt], 0).map { it.to(parts.unet().dtype()).to(parts.device()) }
		def factor = parts.vae().scaleFactor()
		def shape = [1, parts.vae().latentChannels(), height.intdiv(factor), width.intdiv(factor)] as long[]
		def run = lms.run(steps)
		def latents = Noise.of(seed).randn(parts.unet().dtype(), shape).to(parts.device()) * run.initNoiseSigma()
		for (int i = 0; i < run.size(); i++) {
			def before = latents
			Scope.open().withCloseable { scope ->
				def seen = run.scaleModelInput(before, i)
				def (without, with) = parts.unet().predict(seen, run.timesteps()[i], words).chunk(2, 0)
				latents = scope.keep(run.step(without + (with - without) * guidance, i, before))
			}
			before.close()
		}
		def image = (parts.vae().decode(parts.vae().unscale(latents)).div(2) + 0.5).clamp(0, 1)
		new Picture(width, height, 3, image.toFloatArray())
	}
}
result = Pictures.toImagePlus(picture, "loop by hand")
