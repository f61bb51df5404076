package sc.fiji.diffedit.config;

import java.util.Locale;
import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;

import sc.fiji.diffedit.DiffEditException;

/**
 * What the user has set for all runs, kept in Java's preferences of this user. What a call says itself comes first, then the system
 * property {@code diffedit.NAME} of this process, then what is set here, then the default. Where models are is set in
 * {@link ModelSettings}.
 *
 * @param device where models compute: {@code auto}, {@code cpu}, {@code cuda:0}, {@code mps}
 * @param dtype the type they compute in: {@code float32}, {@code bfloat16}, {@code float16}, or {@code auto} for the fastest
 * @param memory a memory preset or a whole plan, as macros write it
 * @param memoryLimit gigabytes (10^9 bytes) that the weights of all models may take on a device; 0 for 70 % of it
 * @param resultCache mebibytes of results of networks that are kept; 0 for none, -1 for an eighth of Java's memory
 * @param idleMinutes after which a model that nobody uses leaves memory; 0 for never
 * @param offline whether no server is asked for anything
 * @param notices whether notices about results are shown; their infos have them in any case
 */
public record UserSettings(String device, String dtype, String memory, double memoryLimit, int resultCache, int idleMinutes, boolean offline, boolean notices) {

	public static final UserSettings DEFAULTS = new UserSettings("auto", "float32", "automatic", 0, -1, 30, false, true);

	private static final String NODE = "sc/fiji/diffedit/settings", PROPERTY = "diffedit.";

	/**
	 * What holds now.
	 *
	 * @throws DiffEditException if a system property has a value that it cannot have; what is kept and cannot be read counts as not set
	 */
	public static UserSettings read() {
		return new UserSettings(text("diffedit.device", DEFAULTS.device), text("diffedit.dtype", DEFAULTS.dtype), text("diffedit.memory", DEFAULTS.memory),
			number("diffedit.memoryLimit", DEFAULTS.memoryLimit, "a number of gigabytes, 0 for most of the memory"),
			(int) number("diffedit.resultCache", DEFAULTS.resultCache, "a number of mebibytes, 0 to keep nothing"),
			(int) number("diffedit.idleMinutes", DEFAULTS.idleMinutes, "a number of minutes, 0 for never"), truth("diffedit.offline", DEFAULTS.offline), truth("diffedit.notices", DEFAULTS.notices));
	}

	/** @throws DiffEditException if they cannot be kept */
	public void write() {
		try {
			final Preferences node = node();
			node.put("device", device);
			node.put("dtype", dtype);
			node.put("memory", memory);
			node.put("memoryLimit", Double.toString(memoryLimit));
			node.put("resultCache", Integer.toString(resultCache));
			node.put("idleMinutes", Integer.toString(idleMinutes));
			node.put("offline", Boolean.toString(offline));
			node.put("notices", Boolean.toString(notices));
			node.flush();
		}
		catch (final BackingStoreException | IllegalArgumentException | IllegalStateException e) {
			throw new DiffEditException("The settings cannot be kept (" + e.getMessage() + "); set them for this process with -D" + PROPERTY + "NAME=VALUE instead.", e);
		}
	}

	private static Preferences node() {
		return Preferences.userRoot().node(NODE);
	}

	private static String text(final String property, final String otherwise) {
		final String value = ofProcess(property);
		return value.isEmpty() ? node().get(kept(property), otherwise) : value;
	}

	private static String ofProcess(final String property) {
		return System.getProperty(property, "").strip();
	}

	/** The name in the preferences. */
	private static String kept(final String property) {
		return property.substring(PROPERTY.length());
	}

	private static double number(final String property, final double otherwise, final String wanted) {
		final String value = ofProcess(property);
		if (value.isEmpty()) return node().getDouble(kept(property), otherwise);
		if (value.matches("[0-9]{1,7}([.][0-9]{1,6})?")) return Double.parseDouble(value);
		throw new DiffEditException("-D" + property + " is '" + value + "'; it takes " + wanted + ".");
	}

	private static boolean truth(final String property, final boolean otherwise) {
		final String value = ofProcess(property).toLowerCase(Locale.ROOT);
		if (value.isEmpty()) return node().getBoolean(kept(property), otherwise);
		if (value.equals("true") || value.equals("false")) return value.equals("true");
		throw new DiffEditException("-D" + property + " is '" + value + "'; it takes true or false.");
	}
}
