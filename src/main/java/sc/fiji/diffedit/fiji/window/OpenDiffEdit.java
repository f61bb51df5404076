package sc.fiji.diffedit.fiji.window;

import java.awt.GraphicsEnvironment;

import javax.swing.SwingUtilities;

import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/** Opens a DiffEdit window beside the active image. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"), @Menu(label = "DiffEdit...", weight = -1) },
	description = "A window beside the image in which a mask is found, corrected and edited while one looks at it.")
public class OpenDiffEdit extends PluginCommand {

	@Override
	public void run() {
		if (GraphicsEnvironment.isHeadless()) {
			cancel("The DiffEdit window needs a display, and there is none; macros find masks by Generate Mask... and edit by Edit Image With Text....");
			return;
		}
		SwingUtilities.invokeLater(() -> new DiffEditFrame(getContext()).open());
	}
}
