package sc.fiji.diffedit.fiji.evaluation;

import sc.fiji.diffedit.demo.SampleRequests;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Picture;

/** A model that is measured: alone in memory, and nothing of what it computes is remembered, so that times are those of the work. */
final class Workbench implements AutoCloseable {

	private final ModelStore models = new ModelStore();
	private final LoadOptions options;
	private final ModelLease lease;
	private final boolean checks;

	/**
	 * @param model its name or folder
	 * @param checks whether it is asked what it makes of finished edits
	 */
	Workbench(final String model, final boolean checks) {
		this.checks = checks;
		options = LoadOptions.of(model);
		models.results().setLimit(0);
		try {
			lease = models.borrow(options);
		}
		catch (final RuntimeException e) {
			models.close();
			throw e;
		}
	}

	DiffEdit model() {
		return lease.diffEdit();
	}

	boolean checks() {
		return checks;
	}

	/** The weights in memory, and what mask, inversion and edit need at their peak besides. @param regions of the edit, 1 or more */
	double nativeBytes(final Picture picture, final SampleRequests ask, final int regions) {
		final long weights = models.inMemory().stream().mapToLong(loaded -> loaded.bytes()).sum();
		final ExpectedMemory expected = models.expected(options);
		final long alone = expected.diffEdit(picture.width(), picture.height(), ask.mask(), ask.invert(), ask.edit()).peak();
		return weights + Math.max(alone, expected.edit(picture.width(), picture.height(), ask.edit(), ask.invert().inversionMethod(), regions).peak());
	}

	@Override
	public void close() {
		lease.close();
		models.close();
	}
}
