// An SDXL base model and its refiner: an image from words by both, the same worked over by the refiner, and an edit whose
// last steps are the refiner's. The refiner uses the base's second text encoder and autoencoder, so both are in memory once.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ String(label = "Folder of the base model") base
#@ String(label = "Folder of the refiner") refiner
#@ Integer(label = "Steps", value = 30) steps
#@output ij.ImagePlus made
#@output ij.ImagePlus edited

import sc.fiji.diffedit.fiji.*
import sc.fiji.diffedit.pipelines.*
import sc.fiji.diffedit.service.LoadOptions

models.borrow(base).withCloseable { first ->
	models.borrow(LoadOptions.of(refiner).withBase(first.options())).withCloseable { second ->
		both = first.refinedBy(second)
		request = TextToImageRequest.of("a bowl of fruits").withNumInferenceSteps(steps).withWidth(image.width).withHeight(image.height)
		ensemble = both.textToImage(request.withDenoisingEnd(0.8), StepListener.NONE).image()
		workedOver = both.secondPass(request, 0.3, StepListener.NONE).image()
		made = Pictures.toStack([ensemble, workedOver], ["ensemble", "second pass"], "by base and refiner")

		edit = ImageEdit.of(image).from("a bowl of fruits").to("a bowl of pears").withSteps(steps).withMaps(4)
		edit = edit.with(edit.maskRequest(), edit.invertRequest(), edit.editRequest().withDenoisingEnd(0.8))
		edited = edit.run(both.diffEdit(), StepListener.NONE).image()
	}
}
