// Edits an image in overlapping tiles, measures the parts of the mask before and after, and compares the mask with a drawn one.
#@ DiffusionModelService models
#@ ij.ImagePlus image
#@ ij.ImagePlus truth
#@ Integer(label = "Steps", value = 20) steps
#@output ij.ImagePlus result
#@output ij.measure.ResultsTable parts
#@output ij.measure.ResultsTable overlap

import sc.fiji.diffedit.fiji.EditMeasurement
import sc.fiji.diffedit.fiji.ImageEdit
import sc.fiji.diffedit.fiji.MaskParts
import sc.fiji.diffedit.fiji.Masks
import sc.fiji.diffedit.models.Tiles

models.borrow("demo").withCloseable { lease ->
	lease.setTiles(Tiles.of(64, 16))
	done = ImageEdit.of(image).from("green nuclei").to("cyan nuclei").withSteps(steps).withSeed(7).run(lease)
	result = done.image()
	found = MaskParts.connected(Masks.toRoi(done.mask()), image, false)
	parts = EditMeasurement.ofParts(found, image, result)
	overlap = EditMeasurement.overlap(found, MaskParts.of(truth, image, false), image)
}
