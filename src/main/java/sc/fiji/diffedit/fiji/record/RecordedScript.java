package sc.fiji.diffedit.fiji.record;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

/**
 * Calls one after another as one script. The first works on the image that is active when the script starts; a later one on the same
 * image, or on the open image that has the title which the image of the call had.
 */
public final class RecordedScript {

	/** The first image, in scripts that need it more than once. */
	private static final String FIRST = "image";
	private static final String ACTIVE = "IJ.getImage()";

	private final List<RecordedCall> calls;

	/** @param calls one or more, in their order */
	public RecordedScript(final List<RecordedCall> calls) {
		this.calls = calls;
	}

	/** A macro. A call may leave another image active, so that all but the first select theirs. */
	public String macro() {
		final StringBuilder macro = new StringBuilder(needsFirstAgain() ? FIRST + " = getImageID();\n" : "");
		for (int i = 0; i < calls.size(); i++) {
			final String image = image(i, "", Literals::macro);
			if (i > 0 && !image.isEmpty()) macro.append("selectImage(").append(image).append(");\n");
			macro.append(calls.get(i).macro()).append('\n');
		}
		return macro.toString();
	}

	/** A Groovy script that gets SciJava's {@code CommandService}. */
	public String groovy() {
		final StringBuilder script = new StringBuilder("#@ CommandService commands\n\n");
		imports().forEach(name -> script.append("import ").append(name).append('\n'));
		script.append('\n');
		if (needsFirstAgain()) script.append(FIRST + " = " + ACTIVE + "\n");
		for (int i = 0; i < calls.size(); i++) script.append(calls.get(i).statement("", image(i, ACTIVE, this::titled), Literals::groovy)).append('\n');
		return script.toString();
	}

	/** A Java class with one static method, which takes a {@code CommandService}. */
	public String java() {
		final StringBuilder script = new StringBuilder("import org.scijava.command.CommandService;\n\n");
		final Set<String> imports = imports();
		if (needsFirstAgain()) imports.add(ImagePlus.class.getName());
		imports.forEach(name -> script.append("import ").append(name).append(";\n"));
		script.append("\npublic final class Recorded {\n\n\tpublic static void run(final CommandService commands) throws Exception {\n");
		if (needsFirstAgain()) script.append("\t\tfinal ImagePlus " + FIRST + " = " + ACTIVE + ";\n");
		for (int i = 0; i < calls.size(); i++) script.append("\t\t").append(calls.get(i).statement(".class", image(i, ACTIVE, this::titled), Literals::java)).append(";\n");
		return script.append("\t}\n}\n").toString();
	}

	private String titled(final String title) {
		return Literals.java(new TitledImage(title));
	}

	private Set<String> imports() {
		final Set<String> imports = new TreeSet<>();
		for (int i = 0; i < calls.size(); i++) {
			imports.addAll(calls.get(i).imports());
			if (isByTitle(i)) imports.add(WindowManager.class.getName());
			if (calls.get(i).hasImage() && !isByTitle(i)) imports.add(IJ.class.getName());
		}
		return imports;
	}

	/**
	 * How a call names its image; empty for one without an image.
	 *
	 * @param active how the language names the active image
	 * @param titled how it names the image of a title
	 */
	private String image(final int i, final String active, final Function<String, String> titled) {
		if (!calls.get(i).hasImage()) return "";
		if (isByTitle(i)) return titled.apply(calls.get(i).imageTitle());
		return needsFirstAgain() && isFirst(i) ? FIRST : active;
	}

	private boolean isByTitle(final int i) {
		return i > 0 && !calls.get(i).imageTitle().isEmpty() && !isFirst(i);
	}

	private boolean isFirst(final int i) {
		return i == 0 || calls.get(i).hasImage() && calls.get(0).hasImage() && calls.get(i).imageTitle().equals(calls.get(0).imageTitle());
	}

	private boolean needsFirstAgain() {
		return calls.get(0).hasImage() && IntStream.range(1, calls.size()).anyMatch(this::isFirst);
	}
}
