package sc.fiji.diffedit.fiji.bridge;

import org.scijava.module.Module;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

import ij.IJ;
import ij.Prefs;
import ij.plugin.frame.Recorder;

import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.record.RecordedCall;
import sc.fiji.diffedit.fiji.record.SessionCalls;

/**
 * Writes a command that a user has called into the session's script and, if it is open, into ImageJ's recorder, in the language that is chosen there. ImageJ records all that a
 * dialog asks, Fiji all inputs of a SciJava command; a line of DiffEdit says only what is needed to repeat the call. (Fiji leaves it
 * to us, because {@link sc.fiji.diffedit.fiji.inputs.FormInfo} asks for that.)
 */
@Plugin(type = Service.class)
public class Recording extends AbstractService implements SciJavaService {

	@Parameter
	private SessionCalls session;

	private final DrawnSelections selections = new DrawnSelections();

	/** While the recorder knows that a command is running, it does not record the windows that the command activates. */
	void begin(final Module module, final Call call) {
		if (!isOn(call)) return;
		final String label = Labels.of(module.getInfo());
		if (!label.equals(Recorder.getCommand())) Recorder.setCommand(label);
	}

	/** A command begins whose form has been filled in. */
	void filledIn(final Module module, final Call call) {
		if (call.isRecorded()) selections.carry(module);
	}

	/** Writes the line of a command that has ended well. */
	void end(final Module module, final Call call) {
		if (!call.isRecorded()) return;
		final RecordedCall recorded = RecordedCall.of(module);
		selections.leave(module);
		drop(call);
		if (!recorded.hasAnswers()) return;
		session.add(recorded);
		if (IJ.recording()) Recorder.recordString(recorded.line(language()) + "\n");
	}

	private static String language() {
		return Recorder.scriptMode() ? Prefs.get("recorder.mode", "Java") : "Macro";
	}

	/** Records nothing of a command that failed. */
	void drop(final Call call) {
		if (!isOn(call)) return;
		Recorder.disableCommandRecording();
		Recorder.saveCommand();
	}

	private static boolean isOn(final Call call) {
		return IJ.recording() && call.isRecorded();
	}
}
