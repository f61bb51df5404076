package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.service.ModelInspection;

/** Says what a model or another file of weights is. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Inspect Model...", weight = 9) },
	description = "Says what a model folder, checkpoint, LoRA or other file of weights is, how large it is, what it serves and what it lacks.")
public class InspectModel extends PluginCommand {

	@Parameter(label = "Folder or file", persist = false, description = "Of a model, a checkpoint, a LoRA or a textual inversion.")
	private String path = "";

	@Parameter(label = "Model report", type = ItemIO.OUTPUT)
	private String report;

	@Override
	public Optional<Warning> foresee() {
		return path.isBlank() ? Optional.empty() : Warning.ofFailure("path", () -> existing(path));
	}

	@Override
	public void run() {
		try {
			report = String.join("\n", ModelInspection.of(existing(path)).lines());
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private static Path existing(final String path) {
		if (path == null || path.isBlank()) throw new DiffEditException("Nothing is named; give the path of a folder or file.");
		try {
			final Path found = Path.of(path.strip());
			if (Files.exists(found)) return found;
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + path + "\" is not a path; give the path of a folder or file.", e);
		}
		throw new DiffEditException("There is no folder or file " + path.strip() + "; give the path of one.");
	}
}
