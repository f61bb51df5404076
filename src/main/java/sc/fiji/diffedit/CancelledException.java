package sc.fiji.diffedit;

/** The user stopped the run. Everything made so far is freed, and the model stays usable. */
public class CancelledException extends DiffEditException {

	private static final long serialVersionUID = 1L;

	public CancelledException() {
		super("Cancelled.");
	}
}
