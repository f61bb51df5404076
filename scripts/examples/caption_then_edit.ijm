// What is in the image is said by a captioning model, so only the target has to be written.
// The macro's argument: the folder of a BLIP captioning model.
newImage("drawing", "RGB black", 64, 64, 1);
setColor(0, 160, 0);
fillOval(12, 10, 18, 16);
run("Edit Image With Text...", "maps=2 thresholdratio=2 steps=6 seed=7 model=demo options=[captioner: " + getArgument() + "] target=[magenta nuclei]");
