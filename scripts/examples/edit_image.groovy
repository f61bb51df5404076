// Changes green nuclei into cyan ones with the model service; the result is a new image.
#@ DiffusionModelService models
#@ ImagePlus image
#@ String (label = "What is in the image", value = "green nuclei") source
#@ String (label = "What should be there instead", value = "cyan nuclei") target
#@output ImagePlus result

import sc.fiji.diffedit.fiji.ImageEdit

models.borrow("demo").withCloseable { lease ->
	result = ImageEdit.of(image).from(source).to(target).withMaps(2).withSteps(6).withSeed(7).run(lease).image()
}
