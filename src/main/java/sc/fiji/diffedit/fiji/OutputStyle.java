package sc.fiji.diffedit.fiji;

/** Hints of commands for the display of their outputs. */
public final class OutputStyle {

	/** Attribute of an image that is shown beside the one that was active, which stays active for the next command. */
	public static final String BESIDE = "beside";

	/** Name of the output that holds sentences for the user, a list of texts; the last one ends up in the status bar. */
	public static final String NOTICES = "notices";

	private OutputStyle() {}
}
