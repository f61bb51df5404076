// Finds a mask, edits within it, and measures each part of it before and after the edit.
// The argument is the image's path; without one the active image is used.
path = getArgument();
setBatchMode(true);                                     // so that getResult reads the table of this macro
if (path != "") open(path);
before = getTitle();
run("Generate Mask...", "show=Nothing maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
labels = getTitle();
selectImage(before);
run("Edit With Mask...", "maskFrom=[Mask image] drawnMask=[" + labels + "] steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
after = getTitle();
selectImage(before);
run("Measure Edit...", "after=[" + after + "] maskFrom=[Mask image] drawnMask=[" + labels + "] referenceFrom=[Reference image] reference=[" + labels + "]");
for (i = 0; i < nResults; i++) {
	print("part " + getResultString("Part", i) + ": area " + getResult("Area", i) + ", mean " + getResult("Mean before", i) + " -> " + getResult("Mean after", i));
}
