package sc.fiji.diffedit.fiji.record;

import java.util.List;
import java.util.function.Function;

/** What a session can be written down as. */
enum ScriptLanguage {
	GROOVY("Groovy", "recorded.groovy", RecordedScript::groovy), JAVA("Java", "Recorded.java", RecordedScript::java), MACRO("Macro", "recorded.ijm", RecordedScript::macro);

	private final String label;
	private final String file;
	private final Function<RecordedScript, String> text;

	ScriptLanguage(final String label, final String file, final Function<RecordedScript, String> text) {
		this.label = label;
		this.file = file;
		this.text = text;
	}

	/** The script; empty without calls. */
	String script(final List<RecordedCall> calls) {
		return calls.isEmpty() ? "" : text.apply(new RecordedScript(calls));
	}

	/** What a file with the script is called, unless the user has a better name. */
	String file() {
		return file;
	}

	@Override
	public String toString() {
		return label;
	}
}
