package sc.fiji.diffedit.fiji;

import org.scijava.command.ContextCommand;

/** A command of DiffEdit; when it cannot go on, it says why in a sentence that a dialog can show. */
public abstract class PluginCommand extends ContextCommand {

	@Override
	public String getCancelReason() {
		return Sentences.shown(super.getCancelReason());
	}
}
