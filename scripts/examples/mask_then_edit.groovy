// The stages one by one: find the mask, grow it a little, invert once, and try several descriptions with it.
#@ CommandService commands
#@ ij.ImagePlus image
#@ Integer(label = "Steps", value = 20) steps
#@ String(label = "What is in the image", value = "green nuclei") source
#@output results

import ij.plugin.RoiEnlarger
import sc.fiji.diffedit.fiji.commands.EditWithMask
import sc.fiji.diffedit.fiji.commands.GenerateMask
import sc.fiji.diffedit.fiji.commands.InvertImage

run = { command, inputs ->
	def done = commands.run(command, true, inputs + [image: image, model: "demo", source: source, steps: steps]).get()
	if (done.isCanceled()) throw new RuntimeException(done.getCancelReason())
	done
}

mask = run(GenerateMask, [target: "cyan nuclei", labels: false]).getOutput("roi")
image.setRoi(RoiEnlarger.enlarge(mask, 2))
inversion = run(InvertImage, [:]).getOutput("inversion")
results = ["cyan nuclei", "magenta nuclei"].collect { target ->
	run(EditWithMask, [inversionFrom: "Inversion image", inverted: inversion, target: target]).getOutput("result")
}
