// Edits one slice of a volume that lies in cells, as BigDataViewer and N5 images do, and labels the parts of the mask.
#@ DiffusionModelService models
#@ Integer(label = "Steps", value = 20) steps
#@output cells
#@output slice
#@output labels

import net.imglib2.img.cell.CellImgFactory
import net.imglib2.type.numeric.integer.UnsignedShortType
import net.imglib2.view.Views
import sc.fiji.diffedit.fiji.Axes
import sc.fiji.diffedit.fiji.ImageEdit
import sc.fiji.diffedit.fiji.LabelImages

cells = new CellImgFactory(new UnsignedShortType(), 32, 32, 2).create(64, 64, 5)
cursor = cells.localizingCursor()
while (cursor.hasNext()) {
	cursor.fwd()
	distance = Math.hypot(cursor.getIntPosition(0) - 30, cursor.getIntPosition(1) - 34)
	cursor.get().set((int) (20000 * Math.exp(-distance * distance / 100) + 300))
}

models.borrow("demo").withCloseable { lease ->
	done = ImageEdit.of(cells, Axes.named("XYZ").at((char) 'Z', 3)).from("white nuclei").to("white rings").withSteps(steps).withThresholdRatio(3).withGuidance(7.5)
		.run(lease)
	slice = Views.zeroMin(done.image())    // done.image() lies at its place in the volume; Fiji's windows show what begins at 0
	labels = LabelImages.toImg(done.mask(), false)
}
