// Prints what earlier runs have cached, and clears it if wanted.
#@ DiffusionModelService models
#@ Boolean(label = "Clear the cache", value = false) clear
#@output Long bytes

models.results().entries().each { println it }
if (clear) models.results().clear()
bytes = models.results().bytes()
