// Runs a menu command from a script and takes its outputs.
#@ CommandService commands
#@ ImagePlus image
#@output ImagePlus result

import sc.fiji.diffedit.fiji.commands.EditImageWithText

def done = commands.run(EditImageWithText, true, "image", image, "model", "demo", "maps", 2, "steps", 6, "seed", 7L,
	"source", "green nuclei", "target", "cyan nuclei").get()
if (done.isCanceled()) throw new RuntimeException(done.getCancelReason())
result = done.getOutput("result")
