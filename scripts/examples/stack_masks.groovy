// Finds the mask of each plane of a stack with the same noise; the label stack can be measured, or an edit can begin with it.
#@ CommandService commands
#@ ij.ImagePlus image
#@ String(value = "all") planes
#@output ij.ImagePlus labels

import sc.fiji.diffedit.fiji.commands.GenerateMask

done = commands.run(GenerateMask.class, true, "image", image, "planes", planes, "show", "Overlay", "maps", 2, "steps", 6, "seed", 7L,
	"thresholdRatio", 2.0d, "source", "green nuclei", "target", "cyan nuclei", "model", "demo").get()
labels = done.getOutput("labelImage")
