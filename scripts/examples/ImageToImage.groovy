// The active image under one description and three strengths, as a stack. The model stays loaded in between.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ Integer(label = "Steps", value = 20) steps
#@ String(label = "What the image should become", value = "magenta nuclei") prompt
#@output ij.ImagePlus result

import sc.fiji.diffedit.fiji.*
import sc.fiji.diffedit.pipelines.*

input = ImageInput.of(ImageView.of(image, ViewSettings.DEFAULT).picture())
strengths = [0.25d, 0.5d, 0.75d]
models.borrow("demo").withCloseable { lease ->
	pictures = strengths.collect { strength ->
		request = ImageToImageRequest.of(prompt).withStrength(strength).withNumInferenceSteps(steps).withSeed(7)
		lease.imageToImage(input, request, StepListener.NONE).image()
	}
	result = Pictures.toStack(pictures, strengths.collect { "strength " + it }, "three strengths")
}
