package sc.fiji.diffedit.fiji.bridge;

import org.scijava.console.ConsoleService;
import org.scijava.startup.StartupService;

import ij.macro.Interpreter;
import net.imagej.legacy.ImitatedFiji;

/** The imitated Fiji as a process that is started for a macro, {@code -macro FILE}, or a script, {@code --run FILE}. */
public final class MacroProcess {

	private MacroProcess() {}

	/** Ends with them. */
	public static void main(final String[] args) {
		HeadlessMenus.install();
		Interpreter.batchMode = true; // as in Fiji without a display
		try (ImitatedFiji fiji = new ImitatedFiji()) {
			fiji.install(PaintCommand.class);
			fiji.context().service(ConsoleService.class).processArgs(args);
			fiji.context().service(StartupService.class).executeOperations();
		}
	}
}
