package sc.fiji.diffedit.faults;

import java.io.IOException;

import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;

/** Loads the demo model and edits with it, in ever more address space; each edit must have the bits of the first one, which nothing limits. */
final class NarrowEdits {

	private NarrowEdits() {}

	public static void main(final String[] range) throws IOException {
		final String right = edited();
		AddressSpace.widen(range, () -> {
			if (!edited().equals(right)) throw new AssertionError("other bits");
		});
		Runtime.getRuntime().halt(0);
	}

	private static String edited() {
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(LoadOptions.of(DemoModel.NAME))) {
			return OneEdit.hash(OneEdit.edited(lease));
		}
	}
}
