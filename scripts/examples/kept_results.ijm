// Forgets what is kept of earlier runs: the next run computes everything anew.
run("Kept Results...", "clear");
