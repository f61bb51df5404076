// Images from words, with values that the form does not show: two prompts in one run, sizes told to SDXL, and latents to go on with.
#@ DiffusionModelService models
#@ String(label = "Model", value = "demo") model
#@ Integer(label = "Steps", value = 10) steps
#@output ij.ImagePlus result
#@output latents

import sc.fiji.diffedit.fiji.Pictures
import sc.fiji.diffedit.pipelines.*

prompts = ["green nuclei", "magenta nuclei"]
models.borrow(model).withCloseable { lease ->
	request = TextToImageRequest.DEFAULTS.withPrompt(Prompt.all(prompts)).withWidth(64).withHeight(48).withNumInferenceSteps(steps)
		.withSizes(SizeConditioning.DEFAULTS.withOriginalSize(Optional.of(new ImageSize(512, 512)))).withSeeds([7L, 8L])
	made = lease.textToImage(request, StepListener.NONE)
	result = Pictures.toStack(made.images(), prompts, "from words")
	latents = made.latents()
}
