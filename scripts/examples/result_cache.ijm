// Clears the result cache: the next run computes everything again.
run("Result Cache...", "clear");
