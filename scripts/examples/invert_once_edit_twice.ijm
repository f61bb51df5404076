// One inversion serves many edits: it is kept as an image, which can also be saved as TIFF.
// The argument is the image's path; without one the active image is used.
path = getArgument();
if (path != "") open(path);
image = getImageID();
run("Invert Image...", "steps=6 seed=7 source=[green nuclei]");
inversion = getTitle();
targets = newArray("cyan nuclei", "magenta nuclei");
for (i = 0; i < targets.length; i++) {
	selectImage(image);
	makeRectangle(8, 8, 48, 40);
	run("Edit With Mask...", "inversionfrom=[Inversion image] inverted=[" + inversion + "] seed=7 target=[" + targets[i] + "]");
}
