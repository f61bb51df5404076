// Source and target are the means of many descriptions that a T5 model writes about two single words.
// The macro's argument: the folder of a T5 model.
newImage("drawing", "RGB black", 64, 64, 1);
setColor(0, 160, 0);
fillOval(12, 10, 18, 16);
run("Generate Mask...", "maps=2 thresholdratio=1 steps=6 seed=7 options=[generator: " + getArgument() + "; prompts: 4; promptWords: 8] source=bowl target=basket");
