package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;

/** A UNet that predicts what another one does, in another way. Closing it closes the other one. */
public abstract class WrappedUNet implements UNet {

	private final UNet inner;

	protected WrappedUNet(final UNet inner) {
		this.inner = inner;
	}

	/** The one that predicts. */
	public final UNet inner() {
		return inner;
	}

	@Override
	public final UNet2DConditionConfig config() {
		return inner.config();
	}

	@Override
	public long rowsAtOnce(final long rows, final long height, final long width) {
		return inner.rowsAtOnce(rows, height, width);
	}

	@Override
	public long samplesAtOnce(final long samples, final long height, final long width) {
		return inner.samplesAtOnce(samples, height, width);
	}

	@Override
	public final boolean isChannelsLast() {
		return inner.isChannelsLast();
	}

	@Override
	public final List<Block> blocks() {
		return inner.blocks();
	}

	@Override
	public final DType dtype() {
		return inner.dtype();
	}

	@Override
	public final void close() {
		inner.close();
	}
}
