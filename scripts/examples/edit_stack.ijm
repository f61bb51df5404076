// Edits all slices and frames of a stack with the same noise; a range such as planes=[z=3-9 t=all] edits some of them.
// The argument is the stack's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
run("Edit Image With Text...", "planes=all maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei] thresholdRatio=2");
