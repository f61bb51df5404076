// Many suggested prompts for source and target, encoded and averaged: steadier masks than from one sentence each.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ String(label = "Folder of a T5 model") generator
#@ Integer(label = "Prompts", value = 16) count
#@ Integer(label = "Longest prompt", value = 32) words
#@ Integer(label = "Steps", value = 10) steps
#@output map
#@output ij.ImagePlus result

import sc.fiji.diffedit.fiji.*
import sc.fiji.diffedit.pipelines.*
import sc.fiji.diffedit.service.LoadOptions
import sc.fiji.diffedit.text.SuggestionRequest

suggest = { concept ->
	models.suggest(LoadOptions.of(generator), SuggestionRequest.captionsOf(concept).withCount(count).withMaxNewTokens(words), { made -> })
}
view = ImageView.of(image, ViewSettings.DEFAULT)
models.borrow("demo").withCloseable { lease ->
	source = lease.prompts().mean(suggest("bowl"), 0)
	target = lease.prompts().mean(suggest("basket"), 0)
	request = MaskRequest.DEFAULTS.withSource([source]).withTarget([target]).withNumMapsPerMask(4).withNumInferenceSteps(steps)
	map = lease.diffEdit().generateMask(ImageInput.of(view.picture()), request).map()
	result = HeatMaps.toImagePlus(map.values(), map.width(), new Padding(view.width(), view.height(), lease.scaleFactor()), true, view.region(), image)
}
