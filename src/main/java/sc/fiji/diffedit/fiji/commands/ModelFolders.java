package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.hub.ModelPlaces;

/** The settings of where models are. */
@Plugin(type = Command.class, headless = true, initializer = "now", menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Model Folders...", weight = 11) },
	description = "Sets the folders in which models, LoRAs and textual inversions are found by name, and lists their content. Folders of other programs can be used directly.")
public class ModelFolders extends PluginCommand {

	@Parameter(label = "Folders", required = false, persist = false,
		description = "Folders of models, or the folders where A1111 or ComfyUI are installed; separated by : (on Windows by ;).")
	private String folders;
	@Parameter(label = "Cache for downloads", required = false, persist = false,
		description = "A cache in the layout of the Hugging Face hub; empty for the one that other programs share.")
	private String cache;

	@Parameter(label = "Models", type = ItemIO.OUTPUT)
	private String report;

	/** The form begins with what is set. */
	void now() {
		final ModelSettings settings = ModelSettings.read();
		if (folders == null) folders = ModelSettings.text(settings.folders());
		if (cache == null) cache = settings.cache().map(Path::toString).orElse("");
	}

	@Override
	public void run() {
		try {
			now();
			set(folders, cache);
			report = String.join("\n", lines(ModelPlaces.ofSettings()));
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	/** @throws DiffEditException if a folder is not there; then nothing is changed */
	static void set(final String folders, final String cache) {
		final List<Path> wanted = ModelSettings.paths(folders).stream().map(ModelFolders::existing).distinct().toList();
		final Optional<Path> store = ModelSettings.paths(cache).stream().findFirst().map(path -> path.toAbsolutePath().normalize());
		new ModelSettings(wanted, store).write();
	}

	private static Path existing(final Path folder) {
		if (Files.isDirectory(folder)) return folder.toAbsolutePath().normalize();
		throw new DiffEditException("There is no folder " + folder + "; nothing was changed. Name folders that are there, or none.");
	}

	private static List<String> lines(final ModelPlaces places) {
		final List<String> lines = new ArrayList<>();
		places.folders().forEach(folder -> lines.add("Folder: " + folder));
		lines.add("Cache for downloads: " + places.sharedCache());
		add(lines, "Model", places.models());
		add(lines, "LoRA", places.loras());
		add(lines, "Textual inversion", places.textualInversions());
		add(lines, "Autoencoder", places.autoencoders());
		return lines;
	}

	private static void add(final List<String> lines, final String what, final List<Path> files) {
		for (final Path file : files) lines.add(what + ": " + file);
	}
}
