package sc.fiji.diffedit.fiji.batch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.scijava.ItemVisibility;
import org.scijava.module.ModuleItem;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.commands.CaptionImage;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.SuggestPrompts;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Nearest;
import sc.fiji.diffedit.fiji.inputs.FormInfo;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/**
 * A command under the word by which the command line and tables call it. Its settings are the inputs of the command's form, by the
 * same names; where two commands share a word, the settings that are given decide between them.
 */
public enum Verb {

	MASK("mask", GenerateMask.class),
	INVERT("invert", InvertImage.class),
	EDIT("edit", EditImageWithText.class, EditWithMask.class),
	TXT2IMG("txt2img", TextToImage.class),
	IMG2IMG("img2img", ImageToImage.class),
	INPAINT("inpaint", Inpaint.class),
	CAPTION("caption", CaptionImage.class),
	PROMPTS("prompts", SuggestPrompts.class);

	/** The input that is the image to work on. */
	public static final String IMAGE = "image";
	/** Inputs that need a screen. */
	private static final Set<String> ON_SCREEN = Set.of("preview");

	private final String word;
	private final List<Class<? extends PluginCommand>> commands;
	private List<FormInfo> forms;
	private List<ModuleItem<?>> inputs;

	@SafeVarargs
	Verb(final String word, final Class<? extends PluginCommand>... commands) {
		this.word = word;
		this.commands = List.of(commands);
	}

	/**
	 * The verb of a word, or of the menu's words for its command, in any case.
	 *
	 * @throws DiffEditException if there is none; the sentence names the nearest
	 */
	public static Verb of(final String word) {
		final List<String> words = words();
		for (final Verb verb : values()) {
			if (verb.word.equalsIgnoreCase(word.strip()) || plain(CommandProgress.title(verb.commands.get(0))).equals(plain(word))) return verb;
		}
		throw new DiffEditException("There is no operation '" + word + "'; the nearest is '" + Nearest.to(word, words) + "' of " + String.join(", ", words) + ".");
	}

	/** All words. */
	public static List<String> words() {
		return Arrays.stream(values()).map(Verb::word).toList();
	}

	public String word() {
		return word;
	}

	/** One sentence. */
	public String description() {
		return commands.get(0).getAnnotation(Plugin.class).description();
	}

	private synchronized List<FormInfo> forms() {
		if (forms == null) forms = commands.stream().map(FormInfo::of).toList();
		return forms;
	}

	/** The inputs that texts and files can give, of all its commands, in the order of their forms. */
	public synchronized List<ModuleItem<?>> inputs() {
		if (inputs == null) {
			final Map<String, ModuleItem<?>> byName = new LinkedHashMap<>();
			forms().stream().flatMap(form -> Inputs.of(form).stream()).filter(Verb::isGivable).forEach(input -> byName.putIfAbsent(input.getName(), input));
			inputs = List.copyOf(byName.values());
		}
		return inputs;
	}

	private static boolean isGivable(final ModuleItem<?> input) {
		return Inputs.recordable(input) && input.getVisibility() == ItemVisibility.NORMAL && !ON_SCREEN.contains(input.getName());
	}

	/** Whether it works on an image. */
	public boolean takesImage() {
		return forms().get(0).getInput(IMAGE) != null;
	}

	/** Whether it writes a text, no image. */
	public boolean makesText() {
		for (final ModuleItem<?> output : forms().get(0).outputs()) {
			if (output.getVisibility() != ItemVisibility.INVISIBLE) return output.getType() == String.class;
		}
		return false;
	}

	/** Whether a selection is among its results. */
	public boolean findsMask() {
		return forms().get(0).getOutput("roi") != null;
	}

	/**
	 * The name of the setting that somebody has written: as in macros, as in the code or with dashes.
	 *
	 * @throws DiffEditException if there is none; the sentence names the nearest
	 */
	public String setting(final String written) {
		final List<String> names = inputs().stream().map(ModuleItem::getName).toList();
		final String plain = plain(written);
		for (final String name : names) {
			if (plain(name).equals(plain)) return name;
		}
		throw new DiffEditException("'" + written + "' is not a setting of " + word + "; the nearest are " + Nearest.few(plain, names) + ".");
	}

	/** {@code thresholdRatio}, {@code threshold-ratio} and {@code Threshold ratio} are one. */
	static String plain(final String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	/**
	 * The command that has all of these settings.
	 *
	 * @param given names as {@link #setting} has them
	 * @throws DiffEditException if no single command has
	 */
	public FormInfo form(final Set<String> given) {
		for (final FormInfo form : forms()) {
			if (given.stream().allMatch(name -> form.getInput(name) != null)) return form;
		}
		final FormInfo first = forms().get(0), last = forms().get(forms().size() - 1);
		throw new DiffEditException(without(first, given) + " and " + without(last, given) + " do not go together: the first belongs to '" + Labels.of(last) + "', the second to '"
			+ Labels.of(first) + "'.");
	}

	private static String without(final FormInfo form, final Set<String> given) {
		return given.stream().filter(name -> form.getInput(name) == null).findFirst().orElse("");
	}
}
