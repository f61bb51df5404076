package sc.fiji.diffedit.fiji.bridge;

import java.io.File;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.widget.Button;

import ij.ImagePlus;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.fiji.CommandProgress;

/** Every kind of input that a command may have; it tells in its output's title what it was asked. */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins > DiffEdit Tests > Paint...",
	description = "Paints an image with one grey value & says so.")
public class PaintCommand extends ContextCommand {

	/** What the last run was asked. */
	static volatile String asked;

	@Parameter
	private TaskService tasks;
	@Parameter
	private StatusService status;
	@Parameter
	private ImagePlus image;
	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private final String note = "<html>Only a <b>test</b>.</html>";
	@Parameter(label = "Steps", min = "1", max = "1000", persist = false, description = "How often it waits.")
	private int steps = 3;
	@Parameter(label = "Threshold ratio", min = "0", max = "10", style = "slider", stepSize = "0.5", persist = false)
	private double ratio = 3.5;
	@Parameter(label = "Seed", persist = false, description = "Same seed, same image.")
	private long seed = 1;
	@Parameter(label = "Output type", choices = { "Labels", "ROI Manager" }, persist = false)
	private String outputType = "Labels";
	@Parameter(label = "Device", choices = { "automatic", "cpu" }, style = "radioButtonHorizontal", persist = false)
	private String device = "automatic";
	@Parameter(label = "Same noise", persist = false)
	private boolean sameNoise;
	@Parameter(label = "Model folder", style = "directory", required = false, persist = false)
	private File folder;
	@Parameter(label = "Help", callback = "help", required = false, persist = false)
	private Button help;
	@Parameter(label = "Secret", style = "password", required = false, persist = false)
	private String secret = "";
	@Parameter(label = "What is in the image", persist = false)
	private String source = "";
	@Parameter(label = "What should be there instead", style = "text area", persist = false)
	private String target = "";
	@Parameter(type = ItemIO.OUTPUT)
	private ImagePlus painted;

	@Override
	public void run() {
		asked = String.join("|", image.getTitle(), "" + steps, "" + ratio, "" + seed, outputType, device, "" + sameNoise,
			"" + folder, source, target);
		if (source.equals("nothing")) {
			cancel("There is nothing in the image; say what is in it.");
			return;
		}
		if (source.equals("error")) throw new IllegalStateException("a fault of ours");
		if (!waitForSteps()) return;
		painted = new ImagePlus("painted " + seed, new ByteProcessor(image.getWidth(), image.getHeight()));
		painted.getProcessor().setValue(seed);
		painted.getProcessor().fill();
	}

	private boolean waitForSteps() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			for (int i = 0; i < steps; i++) {
				progress.bytes("painting", i, steps);
				ij.IJ.wait(10);
			}
			return true;
		}
		catch (final CancelledException e) {
			cancel(CommandProgress.BY_USER);
			return false;
		}
	}

	@SuppressWarnings("unused")
	private void help() {
		ij.IJ.log("help");
	}
}
