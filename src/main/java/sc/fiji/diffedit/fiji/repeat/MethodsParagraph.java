package sc.fiji.diffedit.fiji.repeat;

import java.io.File;
import java.util.Optional;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.inputs.Warning;

/** Says how a result was made in a paragraph for a publication. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Methods Paragraph...", weight = 8.2) },
	description = "Writes a paragraph for the methods section of a publication from a result's image info: model with its hash, descriptions, seed, settings, versions and citations.")
public class MethodsParagraph extends PluginCommand {

	@Parameter(label = "Result", required = false, persist = false, description = "An image that DiffEdit has made.")
	private ImagePlus result;
	@Parameter(label = "Or a settings file", required = false, persist = false, description = "A JSON file that DiffEdit has saved; it takes the place of the result's info.")
	private File file;

	@Parameter(label = "Methods paragraph", type = ItemIO.OUTPUT)
	private String paragraph;

	@Override
	public Optional<Warning> foresee() {
		return Recipe.foresee(result, file);
	}

	@Override
	public void run() {
		try {
			paragraph = new MethodsText(Recipe.of(result, file).made()).text();
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}
}
