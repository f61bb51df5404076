// Clears the result cache: the next run computes everything anew.
run("Result Cache...", "clear");
