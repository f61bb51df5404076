package sc.fiji.diffedit.fiji.commands;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelInMemory;
import sc.fiji.diffedit.tensor.Device;

/** Which models are in memory, and how they leave it. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Models in Memory...", weight = 12) },
	description = "Says which models are in memory, and unloads them. A model that a command is using is unloaded when the command is done.")
public class ModelsInMemory extends PluginCommand {

	static final String NONE = "None", IDLE = "Idle ones", ALL = "All", NAMED = "Named below";

	@Parameter
	private DiffusionModelService models;

	@Parameter(label = "Unload", choices = { NONE, IDLE, ALL, NAMED }, persist = false,
		description = "Which models leave memory: idle ones are those that no command uses.")
	private String unload = NONE;
	@Parameter(label = "Unload after idle minutes (-1: no change)", min = "-1", persist = false,
		description = "From now on, models that have not been used for this long are unloaded; 0 for never, -1 to leave it as it is.")
	private int idleMinutes = -1;
	@Parameter(label = "Model", required = false, persist = false, description = "As it was called when it was used.")
	private String model = "";

	@Parameter(label = "Models in memory", type = ItemIO.OUTPUT)
	private String report;

	@Override
	public void run() {
		if (idleMinutes >= 0) models.setIdleTime(Duration.ofMinutes(idleMinutes));
		if (Choices.same(unload, ALL)) models.unloadAll();
		else if (Choices.same(unload, IDLE)) models.unloadIdle(Duration.ZERO);
		else if (Choices.same(unload, NAMED)) models.unload(model.strip());
		else if (!Choices.same(unload, NONE)) {
			cancel("unload is \"" + unload + "\"; choose one of " + String.join(", ", NONE, IDLE, ALL, NAMED) + ".");
			return;
		}
		report = String.join("\n", lines());
	}

	private List<String> lines() {
		final List<String> lines = new ArrayList<>();
		for (final ModelInMemory held : models.inMemory()) lines.add(held.line());
		if (lines.isEmpty()) lines.add("No model is in memory.");
		final FreeMemory memory = FreeMemory.ofMachine();
		lines.add(String.format(Locale.ROOT, "%.1f of %.1f GB of the computer's memory are free.", memory.available(Device.CPU) / 1e9, memory.total(Device.CPU) / 1e9));
		return lines;
	}
}
