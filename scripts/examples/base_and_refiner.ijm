// An image by an SDXL base model, which hands over to its refiner; then an edit of it whose last steps are the refiner's.
// The macro's argument: the folders of base and refiner, separated by a comma.
folders = split(getArgument(), ",");
run("Text To Image...", "width=64 height=48 steps=10 guidance=5 seed=7 model=[" + folders[0] + "]"
	+ " options=[refiner: " + folders[1] + "; denoisingEnd: 0.8; originalSize: 1024x768] prompt=[a bowl of fruits]");
makeRectangle(8, 8, 32, 24);
run("Edit With Mask...", "steps=10 seed=7 model=[" + folders[0] + "] options=[refiner: " + folders[1] + "]"
	+ " source=[a bowl of fruits] target=[a bowl of pears]");
