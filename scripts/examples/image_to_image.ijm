// A rough drawing, made into a picture. Strength says how much of the drawing may be lost.
newImage("drawing", "RGB black", 64, 64, 1);
setColor(0, 160, 0);
fillOval(12, 10, 18, 16);
fillOval(34, 36, 16, 18);
run("Image To Image...", "strength=0.6 steps=20 seed=7 model=demo prompt=[green nuclei]");
