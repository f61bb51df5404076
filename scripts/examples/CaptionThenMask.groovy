// What is in the image is said by a captioning model, and the mask shows where a description of your own differs.
#@ CommandService commands
#@ ij.ImagePlus image
#@ String(label = "Folder of a BLIP captioning model") captioner
#@ String(label = "What should be there instead", value = "magenta nuclei") target
#@ Integer(label = "Steps", value = 10) steps
#@output String caption
#@output mask

import sc.fiji.diffedit.fiji.commands.CaptionImage
import sc.fiji.diffedit.fiji.commands.GenerateMask

run = { command, inputs ->
	def done = commands.run(command, true, inputs + [image: image]).get()
	if (done.isCanceled()) throw new RuntimeException(done.getCancelReason())
	done
}
caption = run(CaptionImage, [model: captioner, words: 12]).getOutput("caption")
mask = run(GenerateMask, [model: "demo", maps: 4, steps: steps, source: caption, target: target]).getOutput("labelImage")
