package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.service.DiffusionModelService;

/** Shows the cached results of networks, which make later runs faster, and clears them. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Result Cache...", weight = 13) },
	description = "Shows how much memory the results of earlier runs take, which make later runs with the same image or prompts faster, and clears them if wanted. Images are the same with and without the cache.")
public class ResultCache extends PluginCommand {

	@Parameter
	private DiffusionModelService models;

	@Parameter(label = "Clear the cache", persist = false, description = "Frees the memory; the next run computes everything again.")
	private boolean clear = false;

	@Parameter(label = "Result cache", type = ItemIO.OUTPUT)
	private String report;

	@Override
	public void run() {
		final ResultStore results = models.results();
		final long before = results.bytes();
		if (clear) results.clear();
		final List<String> lines = new ArrayList<>();
		if (clear) lines.add(String.format("%.1f MB were freed.", before / 1e6));
		lines.add(String.format("%.1f MB are cached, of %.1f MB at most.", results.bytes() / 1e6, results.limit() / 1e6));
		lines.addAll(results.summary());
		report = String.join("\n", lines);
	}
}
