package sc.fiji.diffedit;

import java.net.URL;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What to say where a library is there in another version than the plugin was built with: Java's own errors name neither it nor what to do. */
public final class OtherLibrary {

	/** Names of classes in the messages of Java's errors, with dots or slashes. */
	private static final Pattern CLASS = Pattern.compile("\\b(?:[a-z_][\\w]*[./])+[A-Z]\\w*(?:\\$\\w+)*");

	/** The class whose method is missing: the type that it returns comes before it in the message. */
	private static final Pattern OWNER = Pattern.compile(CLASS.pattern() + "(?=[.][\\w<>]+\\()");

	private OtherLibrary() {}

	/**
	 * Our sentence for an error of Java's that such a library causes; empty for other errors.
	 *
	 * @param error of any kind
	 */
	public static Optional<DiffEditException> sentence(final Throwable error) {
		if (!(error instanceof IncompatibleClassChangeError) && !(error instanceof NoClassDefFoundError)) return Optional.empty();
		final String missing = String.valueOf(error.getMessage());
		return (OWNER.matcher(missing).find() ? OWNER : CLASS).matcher(missing).results().map(MatchResult::group).map(name -> name.replace('.', '/'))
			.filter(name -> !name.startsWith("java/") && !name.startsWith("sc/fiji/diffedit/")).findFirst()
			.map(name -> new DiffEditException("A library is there in another version than DiffEdit needs: " + missing + " is not in " + place(name)
				+ "; remove it if Fiji has a newer one, or update Fiji, then start it again.", error));
	}

	/** The file where Java finds a class. */
	private static String place(final String name) {
		final URL found = OtherLibrary.class.getClassLoader().getResource(name + ".class");
		return found == null ? "any file" : found.getPath().replaceFirst("^file:", "").replaceFirst("!?/" + Pattern.quote(name) + "[.]class$", "");
	}
}
