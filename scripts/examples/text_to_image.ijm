// Four images from words, in one window. Images and numbers repeat with the seed.
run("Text To Image...", "width=64 height=64 count=4 arrange=Montage steps=10 seed=7 model=demo prompt=[magenta nuclei]");
