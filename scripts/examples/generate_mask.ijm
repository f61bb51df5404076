// Finds where green nuclei would have to change to become cyan ones: a selection on the image and a label image.
// The argument is the image's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
run("Generate Mask...", "maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
print("The mask is in '" + getTitle() + "'.");
