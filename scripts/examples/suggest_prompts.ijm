// Writes four descriptions of a bowl. The macro's argument is the folder of a T5 model; without one it asks.
model = getArgument();
if (model == "") model = getDirectory("Choose the folder of a T5 model");
run("Suggest Prompts...", "count=4 words=16 seed=3 model=[" + model + "] concept=bowl");
