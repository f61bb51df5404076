// Frees the models that no command works with, and unloads others after ten minutes without use.
run("Models in Memory...", "unload=[Idle ones] idleMinutes=10");
