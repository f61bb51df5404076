package sc.fiji.diffedit.fiji.commands;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

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
import sc.fiji.diffedit.fiji.forms.PluginCommand;
import sc.fiji.diffedit.hub.DownloadPlan;
import sc.fiji.diffedit.hub.ModelDownload;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.hub.RemoteFile;

/**
 * Fetches a model by its repository's name into the cache that other programs share. Nothing is fetched before licence and
 * size have been told and the user has agreed: in a dialog, or by the tick, without which macros and scripts only learn
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

	@Parameter(label = "Repository", description = "As on the hub, such as org/name.")
	private String repository = "";
	@Parameter(label = "Revision", persist = false, description = "Branch, tag or commit.")
	private String revision = "main";
	@Parameter(label = "Variant", required = false, persist = false, description = "Such as fp16, half the size where there is one; empty for the plain weights.")
	private String variant = "";
	@Parameter(label = "Download now, I agree to the licence", persist = false,
		description = "Without this tick licence and size are told first, and nothing is fetched before you agree.")
	private boolean download;
	@Parameter(label = "Server (empty: huggingface.co)", required = false, persist = false, description = "Another server that is laid out as the hub.")
	private String server = "";

	@Parameter(label = "Download Model", type = ItemIO.OUTPUT)
	private String result;

	@Override
	public void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			final ModelDownload hub = new ModelDownload(address());
			final DownloadPlan plan = hub.plan(repository.strip(), revision.strip(), variant == null ? "" : variant.strip(), progress::bytes);
			final Path cache = ModelPlaces.ofSettings().sharedCache();
			final String offer = offer(plan, cache);
			if (!download && !agreed(offer)) return;
			final Path folder = progress.run().call(() -> hub.fetch(plan, cache, progress::bytes));
			result = offer + "\nIt is in " + folder + "; its name in the commands is " + name(plan) + ".";
		}
		catch (final CancelledException e) {
			cancel(CommandProgress.BY_USER);
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private URI address() {
		if (server == null || server.isBlank()) return ModelDownload.HUGGING_FACE;
		try {
			final URI address = URI.create(server.strip());
			if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) return address;
		}
		catch (final IllegalArgumentException e) {
			// told below
		}
		throw new DiffEditException("\"" + server + "\" is no server's address; write one such as https://huggingface.co.");
	}

	private static String name(final DownloadPlan plan) {
		return plan.revision().equals("main") ? plan.repository() : plan.repository() + "@" + plan.revision();
	}

	/** What would be fetched, under which licence, from where to where. */
	private String offer(final DownloadPlan plan, final Path cache) {
		final String licence = plan.license().isEmpty() ? "not told; see " + address() + "/" + plan.repository() : plan.license();
		final StringBuilder text = new StringBuilder(name(plan) + " (commit " + plan.commit().substring(0, 8) + ") from " + address() + "\nLicence: " + licence + "\n");
		for (final RemoteFile file : plan.files()) {
			if (file.size() >= 1_000_000) text.append(file.name()).append(": ").append(size(file.size())).append('\n');
		}
		return text.append("Together ").append(size(plan.size())).append(" in ").append(plan.files().size()).append(" files, of which ")
			.append(size(plan.missing(cache))).append(" are to be fetched into ").append(cache).toString();
	}

	private static String size(final long bytes) {
		return bytes < 1_000_000 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3) : bytes < 1_000_000_000 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
			: String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
	}

	/** Asks where there is somebody to ask. */
	private boolean agreed(final String offer) {
		final boolean nobody = java.awt.GraphicsEnvironment.isHeadless() || Macro.getOptions() != null || IJ.isMacro();
		if (!nobody && IJ.showMessageWithCancel("Download Model", Sentences.inLines(offer + "\n \nDo you agree to the licence and want to download it now?"))) return true;
		cancel(nobody ? offer + ". Tick 'Download now, I agree to the licence' (in macros: download) to fetch it." : null);
		return false;
	}
}
