package sc.fiji.diffedit.fiji.commands;

import java.net.URI;
import java.nio.file.Path;

import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;

import ij.IJ;
import ij.Macro;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.hub.DownloadPlan;
import sc.fiji.diffedit.hub.ModelDownload;
import sc.fiji.diffedit.hub.ModelPlaces;

/**
 * Fetches a model by its repository's name into the cache that other programs share. Nothing is fetched before licence and
 * size are known to the user, who has agreed: in a dialog, or by the tick, without which macros and scripts only learn
 * what would be fetched.
 */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Download Model...", weight = 10) },
	description = "Fetches a model from the Hugging Face hub into the cache that other programs share, after licence and size were shown.")
public class DownloadModel extends PluginCommand {

	@Parameter
	private TaskService tasks;
	@Parameter
	private StatusService status;

	@Parameter(label = "Model on the hub", persist = false, description = "Its name there, such as org/name.")
	private String repository = "";
	@Parameter(label = "Version of the model", persist = false, description = "Branch, tag or commit on the hub: main is the newest, a commit never changes.")
	private String revision = "main";
	@Parameter(label = "Other files of the model (such as fp16)", required = false, persist = false, description = "fp16 is half the size where there is one, and rounds more; empty for the plain weights.")
	private String variant = "";
	@Parameter(label = "Download now, I agree to the licence", persist = false,
		description = "Without this tick, licence and size are shown first, and nothing is downloaded before you agree.")
	private boolean download;
	@Parameter(label = "Another server (empty: huggingface.co)", required = false, persist = false, description = "Another server that is laid out as the hub.")
	private String server = "";

	@Parameter(label = "Download Model", type = ItemIO.OUTPUT)
	private String result;

	@Override
	public void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			final URI address = DownloadOffer.server(server);
			final ModelDownload hub = new ModelDownload(address);
			final DownloadPlan plan = hub.plan(repository.strip(), revision.strip(), variant == null ? "" : variant.strip(), progress::bytes);
			final Path cache = ModelPlaces.ofSettings().sharedCache();
			final DownloadOffer offer = new DownloadOffer(plan, address, cache);
			if (!download && !agreed(offer.text())) return;
			final Path folder = progress.run().call(() -> hub.fetch(plan, cache, progress::bytes));
			result = offer.text() + "\nIt is in " + folder + "; its name in the commands is " + offer.name() + ".";
		}
		catch (final CancelledException e) {
			cancel(CommandProgress.BY_USER);
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	/** Asks the user, if there is one. */
	private boolean agreed(final String offer) {
		final boolean nobody = java.awt.GraphicsEnvironment.isHeadless() || Macro.getOptions() != null || IJ.isMacro();
		if (!nobody && IJ.showMessageWithCancel("Download Model", Sentences.inLines(offer + "\n \nDo you agree to the licence and want to download it now?"))) return true;
		cancel(nobody ? offer + ". Tick 'Download now, I agree to the licence' (in macros: download) to fetch it." : null);
		return false;
	}
}
