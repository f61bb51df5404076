// A new image with a LoRA and a textual inversion. The macro's argument: model, LoRA and word, separated by commas.
files = split(getArgument(), ",");
run("Text To Image...", "width=64 height=64 steps=4 lorascale=0.8 model=[" + files[0] + "] lora=[" + files[1] + "] word=[" + files[2] + "]"
	+ " prompt=[a photograph of a <thing>]");
