package sc.fiji.diffedit.memory;

import java.util.Arrays;
import java.util.function.LongSupplier;

import sc.fiji.diffedit.models.BatchPolicy;
import sc.fiji.diffedit.models.UNet;

/**
 * As many rows at once as the memory for activations allows, in parts of about equal size. The decision for a shape is kept
 * until another shape comes, so that all steps of a run are cut alike.
 */
public final class BudgetedBatches implements BatchPolicy {

	private final LongSupplier allowance;
	private long[] shape = {};
	private long rows;

	/** @param allowance bytes that the activations of one call may take */
	public BudgetedBatches(final LongSupplier allowance) {
		this.allowance = allowance;
	}

	@Override
	public long rows(final UNet unet, final long batch, final long height, final long width) {
		final long[] shapeBefore = { batch, height, width };
		if (!Arrays.equals(shapeBefore, shape)) {
			rows = decide(unet, batch, (int) height, (int) width);
			shape = shapeBefore;
		}
		return rows;
	}

	private long decide(final UNet unet, final long batch, final int height, final int width) {
		if (batch <= 1) return batch;
		final long one = Math.max(1, Activations.ofUnet(unet, 1, height, width));
		final long most = Math.max(1, Math.min(batch, allowance.getAsLong() / one));
		final long calls = (batch + most - 1) / most;
		return (batch + calls - 1) / calls;
	}
}
