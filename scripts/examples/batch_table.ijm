// Does what the rows of a table say, such as
//   image,source,target,seed
//   one.png,green nuclei,cyan nuclei,7
// with images from the table's folder; results go to its subfolder "edited by table", with summary.csv. What all rows share stands in
// settings. The argument is the table; without one it is asked for.
table = getArgument();
if (table == "") table = File.openDialog("A table of prompts and settings");
folder = File.getDirectory(table);
run("Batch Folder...", "folder=[" + folder + "] table=[" + table + "] output=[" + folder + "edited by table] settings=[maps=2 steps=6]");
