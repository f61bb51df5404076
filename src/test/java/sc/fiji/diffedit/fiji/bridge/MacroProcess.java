package sc.fiji.diffedit.fiji.bridge;

import org.scijava.console.ConsoleService;

import net.imagej.legacy.ImitatedFiji;

/** The imitated Fiji as a process that is started for a macro: {@code -macro FILE}. */
public final class MacroProcess {

	private MacroProcess() {}

	/** Ends with the macro. */
	public static void main(final String[] args) {
		HeadlessMenus.install();
		try (ImitatedFiji fiji = new ImitatedFiji()) {
			fiji.install(PaintCommand.class);
			fiji.context().service(ConsoleService.class).processArgs(args);
		}
	}
}
