// Changes green nuclei into cyan ones in all PNG and TIFF images of a folder; results go to its subfolder "edited", with summary.csv.
// Run again after it was stopped, it goes on where it was. The argument is the folder; without one it is asked for.
folder = getArgument();
if (folder == "") folder = getDirectory("A folder of images");
run("Batch Folder...", "folder=[" + folder + "] files=*.{png,tif} output=[" + folder + "/edited] source=[green nuclei] target=[cyan nuclei] settings=[maps=2 steps=6 seed=7]");
