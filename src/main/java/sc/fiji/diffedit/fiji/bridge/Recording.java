package sc.fiji.diffedit.fiji.bridge;

import org.scijava.module.Module;

import ij.IJ;
import ij.Prefs;
import ij.plugin.frame.Recorder;

import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.record.RecordedCall;

/**
 * Writes a command that a user has called into ImageJ's recorder, in the language that is chosen there. ImageJ records all that a
 * dialog asks, Fiji all inputs of a SciJava command; a line of DiffEdit says only what is needed to repeat the call. (Fiji leaves it
 * to us, because {@link sc.fiji.diffedit.fiji.inputs.FormInfo} asks for that.)
 */
final class Recording {

	private Recording() {}

	/** While the recorder knows that a command is running, it does not record the windows that the command activates. */
	static void begin(final Module module, final Call call) {
		if (!isOn(call)) return;
		final String label = Labels.of(module.getInfo());
		if (!label.equals(Recorder.getCommand())) Recorder.setCommand(label);
	}

	/** Writes the line of a command that has ended well. */
	static void end(final Module module, final Call call) {
		if (!isOn(call)) return;
		drop(call);
		final String language = Recorder.scriptMode() ? Prefs.get("recorder.mode", "Java") : "Macro";
		Recorder.recordString(RecordedCall.of(module).line(language) + "\n");
	}

	/** Records nothing of a command that failed. */
	static void drop(final Call call) {
		if (!isOn(call)) return;
		Recorder.disableCommandRecording();
		Recorder.saveCommand();
	}

	private static boolean isOn(final Call call) {
		return IJ.recording() && call.isRecorded();
	}
}
