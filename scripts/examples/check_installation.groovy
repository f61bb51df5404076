// Says which libraries and devices DiffEdit uses.
#@ DiffusionModelService models
#@output String report

import sc.fiji.diffedit.fiji.engine.InstallationReport

report = new InstallationReport(models).text()
