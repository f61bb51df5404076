// Describes the active image. The macro's argument is the folder of a BLIP model; without one it asks.
model = getArgument();
if (model == "") model = getDirectory("Choose the folder of a BLIP captioning model");
run("Caption Image...", "words=12 model=[" + model + "] beginning=[a photograph of]");
