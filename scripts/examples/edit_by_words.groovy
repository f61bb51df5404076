// Edits the active image by two sentences. Outside of the mask the result has the very bits of the image.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ String(label = "What is in the image", value = "green nuclei") source
#@ String(label = "What should be there instead", value = "cyan nuclei") target
#@ Integer(label = "Steps", value = 20) steps
#@output ij.ImagePlus result

import sc.fiji.diffedit.fiji.ImageEdit

models.borrow("demo").withCloseable { lease ->
	result = ImageEdit.of(image).from(source).to(target).withSteps(steps).withThresholdRatio(4.5).withSeed(7).withFeather(2).run(lease).image()
}
