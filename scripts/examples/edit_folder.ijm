// Changes green nuclei into cyan ones in all PNG and TIFF images of a folder; results go to its subfolder "edited".
// The argument is the folder; without one it is asked for. The model is loaded once.
folder = getArgument();
if (folder == "") folder = getDirectory("A folder of images");
if (!endsWith(folder, "/")) folder = folder + "/";
results = folder + "edited/";
File.makeDirectory(results);
names = getFileList(folder);
setBatchMode(true);
for (i = 0; i < names.length; i++) {
	if (endsWith(names[i], ".png") || endsWith(names[i], ".tif")) {
		open(folder + names[i]);
		run("Edit Image With Text...", "maps=2 steps=6 seed=7 source=[green nuclei] target=[cyan nuclei]");
		saveAs("tiff", results + names[i]);
		while (nImages > 0) close();
	}
}
