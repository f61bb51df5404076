package sc.fiji.diffedit.fiji.engine;

import java.io.File;

import org.scijava.ItemIO;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import org.scijava.widget.FileWidget;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/** Downloads, imports or removes PyTorch's native library. Nothing is downloaded unless the user has allowed it in the form. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Install Engine...", weight = 16) },
	description = "Installs PyTorch's native library, which DiffEdit needs and does not bring along.")
public class InstallEngine extends PluginCommand {

	private static final String INSTALL = "Install";
	private static final String REMOVE = "Remove";

	@Parameter
	private TaskService tasks;
	@Parameter
	private StatusService status;

	@Parameter(label = "Action", choices = { INSTALL, REMOVE }, persist = false,
		description = "Install a build, or remove it and free its space.")
	private String action = INSTALL;

	@Parameter(label = "Build", choices = { "cpu", "cu128" }, persist = false,
		description = "cpu runs everywhere (about 110 MB to fetch, 450 MB on disk). cu128 is for NVIDIA graphics cards with a driver"
			+ " for CUDA 12.8 (about 2.5 GB to fetch), on Linux and Windows.")
	private String build = "cpu";

	@Parameter(label = "Download now", persist = false,
		description = "Without this tick, the command only shows what it would download from where.")
	private boolean download;

	@Parameter(label = "File to install instead", style = FileWidget.OPEN_STYLE, required = false, autoFill = false, persist = false,
		description = "For machines without internet: DJL's pytorch-native jar, PyTorch's libtorch zip, or a wheel.")
	private File file;

	@Parameter(label = "Another server (empty: DJL's)", required = false, persist = false,
		description = "Another server that is laid out as DJL's, or the address of an archive.")
	private String source = "";

	@Parameter(type = ItemIO.OUTPUT, label = "Install Engine")
	private String result;

	@Override
	public void run() {
		try (CommandProgress progress = new CommandProgress(this, tasks, status)) {
			final EngineInstaller installer = new EngineInstaller(InstalledEngines.ofUser(), progress::bytes);
			if (action.equals(REMOVE)) result = installer.remove(build);
			else if (EngineInstaller.needsNetwork(from()) && !download) suggest(installer);
			else result = progress.run().call(() -> installer.install(build, from()));
		}
		catch (final CancelledException e) {
			cancel(CommandProgress.BY_USER);
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private String from() {
		return file == null || file.getPath().isBlank() ? source : file.getPath();
	}

	private void suggest(final EngineInstaller installer) {
		cancel(installer.plan(build, from()) + ". Tick 'Download now' (in macros: download) to fetch it.");
	}
}
