// Says what is kept of earlier runs, and forgets it if wanted.
#@ DiffusionModelService models
#@ Boolean(label = "Forget them", value = false) clear
#@output Long bytes

models.results().entries().each { println it }
if (clear) models.results().clear()
bytes = models.results().bytes()
