// Edits an image that is larger than those which the model was made for, in overlapping tiles without seams.
// The argument is the image's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
run("Edit Image With Text...", "tile=64 overlap=16 maps=1 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
