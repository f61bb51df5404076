// Fills the selection anew and leaves the rest of the image as it is, but for a soft edge of two pixels.
newImage("drawing", "RGB black", 64, 64, 1);
setColor(0, 160, 0);
fillOval(12, 10, 18, 16);
makeOval(30, 30, 26, 26);
run("Inpaint...", "blur=2 steps=10 seed=7 model=demo prompt=[green nuclei]");
