// A model of parts from different folders, and parts exchanged while it is loaded: schedulers one after another, and a tiny
// autoencoder for quick looks on the way. Other borrowers of the model do not see the exchange.
#@ DiffusionModelService models
#@ String(label = "Folder of a model") model
#@ String(label = "Folder of an autoencoder for it, such as TAESD") autoencoder
#@ Integer(label = "Steps", value = 20) steps
#@output ij.ImagePlus result
#@output looks

import java.nio.file.Path
import sc.fiji.diffedit.fiji.Pictures
import sc.fiji.diffedit.pipelines.*
import sc.fiji.diffedit.service.LoadOptions
import sc.fiji.diffedit.weights.ModelOptions

request = TextToImageRequest.of("a photograph of a cell").withWidth(64).withHeight(48).withNumInferenceSteps(steps).withSeed(7)
schedulers = ["DDIMScheduler", "UniPCMultistepScheduler", "EulerDiscreteScheduler"]
quick = LoadOptions.of(model).withFiles(ModelOptions.DEFAULTS.withPart("vae", Path.of(autoencoder)))
looks = []
models.borrow(model).withCloseable { whole ->
	pictures = schedulers.collect { scheduler ->
		whole.setParts { parts -> parts.withScheduler(scheduler) }
		whole.textToImage(request, StepListener.NONE).image()
	}
	models.borrow(quick).withCloseable { tiny ->
		whole.setParts { parts -> parts.withVae(tiny.call { others -> others.vae() }) }
		pictures << whole.textToImage(request, StepListener.every(5, whole.preview(64, { looks << it }))).image()
	}
	result = Pictures.toStack(pictures, schedulers + ["other autoencoder"], "other parts")
}
