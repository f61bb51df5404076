// Changes green nuclei into cyan ones. Everything outside the mask stays the same to the last bit.
// The argument is the image's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
run("Edit Image With Text...", "maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
