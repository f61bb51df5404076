#@ DiffusionModelService models
#@output String report
// Which models are in memory; all of them leave it.
import java.time.Duration

models.setIdleTime(Duration.ofMinutes(10))
report = models.inMemory().collect { it.line() }.join("\n")
models.unloadAll()
