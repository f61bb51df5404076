package sc.fiji.diffedit.fiji.commands;

import java.awt.GraphicsEnvironment;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskParts;
import sc.fiji.diffedit.fiji.Measured;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/**
 * Measures the parts of a mask before and after an edit, and compares the mask with a reference. Where no table can be seen, in batch mode
 * or without a display, the parts are ImageJ's current results, which macros read by {@code getResult}.
 */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Measure Edit...", weight = 8.7) },
	description = "Measures the parts of a mask in the image before and after the edit, and tells how well the mask agrees with a reference.")
public class MeasureEdit extends PluginCommand {

	private static final String PARTS = "Parts of the edit", OVERLAP = "Overlap with the reference";

	private final MeasuredInputs inputs = inputs(new MeasuredInputs());

	@Parameter(label = PARTS, type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private ResultsTable parts;
	@Parameter(label = OVERLAP, type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private ResultsTable overlap;

	@Override
	public void run() {
		try {
			checkInputs();
			final MaskParts mask = inputs.mask();
			final Measured measured = Measured.of(mask, inputs.before(), inputs.after(), inputs.reference());
			parts = measured.parts();
			overlap = measured.overlap().orElse(null);
			inputs.csv().ifPresent(file -> measured.save(file.toPath()));
			show();
		}
		catch (final DiffEditException e) {
			cancel(e.getMessage());
		}
	}

	private void show() {
		if (GraphicsEnvironment.isHeadless() || Interpreter.isBatchMode()) {
			Analyzer.setResultsTable(parts);
			return;
		}
		if (overlap != null) overlap.show(OVERLAP);
		parts.show(PARTS);
	}
}
