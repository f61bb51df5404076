// Fills a mask that DiffEdit has found: any mask serves every way of filling it. Works with models of 4 and of 9 channels.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ Integer(label = "Steps", value = 10) steps
#@ String(label = "Model that fills", value = "demo") filler
#@output ij.ImagePlus result

import sc.fiji.diffedit.fiji.*
import sc.fiji.diffedit.pipelines.*

view = ImageView.of(image, ViewSettings.DEFAULT)
input = ImageInput.of(view.picture())
mask = null
models.borrow("demo").withCloseable { lease ->
	found = lease.diffEdit().generateMask(input, MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(4).withNumInferenceSteps(steps))
	mask = Masks.enlarged(found.mask(), new Padding(view.width(), view.height(), lease.scaleFactor()), true)
}
models.borrow(filler).withCloseable { lease ->
	filled = lease.inpaint(input, [mask], InpaintRequest.of("cyan nuclei").withNumInferenceSteps(steps).withSeed(7), StepListener.NONE)
	result = view.edited(filled.image(), Masks.feathered(mask, 1))
}
