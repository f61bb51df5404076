package sc.fiji.diffedit.fiji.cli;

/** What the program's end tells its caller. */
final class ExitCode {

	static final int DONE = 0;
	/** The work failed; of a batch, at least one image. */
	static final int FAILED = 1;
	/** The program was called wrongly; nothing was done. */
	static final int WRONG_USE = 2;
	/** Stopped by the user, as after Ctrl-C in a shell. */
	static final int STOPPED = 130;

	private ExitCode() {}
}
