package sc.fiji.diffedit.fiji.bridge;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

/** Two images, the second of which may be left out. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins > DiffEdit Tests > Blend...")
public class BlendCommand extends ContextCommand {

	/** What the last run has told. */
	static volatile String last;

	@Parameter(label = "Image")
	private ImagePlus image;
	@Parameter(label = "Mask", required = false, autoFill = false, persist = false)
	private ImagePlus mask;
	@Parameter(type = ItemIO.OUTPUT)
	private String result;

	@Override
	public void run() {
		result = "blended " + image.getTitle() + " with " + (mask == null ? "nothing" : mask.getTitle());
		last = result;
	}
}
