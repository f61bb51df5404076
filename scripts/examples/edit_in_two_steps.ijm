// The mask first, so that it can be looked at and corrected by hand; then the edit inside of the selection.
// The argument is the image's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
run("Generate Mask...", "maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
if (selectionType() == -1) exit("Nothing in the image would change.");
run("Edit With Mask...", "steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
