package sc.fiji.diffedit.memory;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * An autoencoder in half precision that never returns a black image: where the config says that 16-bit floats overflow
 * ({@code force_upcast}), and after the first result that is not finite, the same weights compute in 32 bits. Results of
 * 32 bits stay so. As in diffusers, {@code bfloat16} is left alone by the config's rule: its range is that of 32 bits.
 */
public final class PreciseAutoencoder extends WrappedAutoencoder {

	private final Autoencoder full;
	private final AtomicBoolean overflowed;
	private final Consumer<String> notices;
	private volatile boolean upcast; // estimates look from other threads

	/**
	 * @param half computes in 16 bits
	 * @param full the same network in 32 bits; it loads its weights when it is first needed
	 * @param overflowed whether these weights are known to overflow in 16 bits, which are then not tried; set when they do
	 * @param notices receives once a call that 32 bits compute in place of 16 that overflow
	 */
	public PreciseAutoencoder(final Autoencoder half, final Autoencoder full, final AtomicBoolean overflowed, final Consumer<String> notices) {
		super(half);
		this.full = full;
		this.overflowed = overflowed;
		this.notices = notices;
		this.upcast = overflowed.get() || half.forceUpcast() && half.dtype() == DType.FLOAT16;
	}

	/** Whether results come from the network in 32 bits. */
	public boolean isUpcast() {
		return upcast;
	}

	/** The network that computes now. */
	Autoencoder computing() {
		return upcast ? full : inner();
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		if (!upcast) {
			final DiagonalGaussian encoded = inner().encode(image);
			if (isGood(encoded.parameters(), image)) return encoded;
			encoded.parameters().close();
		}
		warn();
		return full.encode(image);
	}

	@Override
	public Tensor decode(final Tensor latents) {
		if (!upcast) {
			final Tensor decoded = inner().decode(latents);
			if (isGood(decoded, latents)) return decoded;
			decoded.close();
		}
		warn();
		return full.decode(latents);
	}

	@Override
	public void recalled() {
		warn();
	}

	private void warn() {
		if (overflowed.get()) notices.accept("The autoencoder's numbers go beyond what " + dtype().torchName() + " holds, so that it computes in float32, for this model until Java ends.");
	}

	/** Notes that 32 bits are needed when a result of sound numbers is not finite, and frees the weights in 16 bits. */
	private boolean isGood(final Tensor result, final Tensor input) {
		if (result.isFinite() || !input.isFinite()) return true;
		upcast = true;
		overflowed.set(true);
		inner().blocks().forEach(Block::evict);
		return false;
	}

	@Override
	public List<Block> blocks() {
		return Stream.concat(inner().blocks().stream(), full.blocks().stream()).toList();
	}

	@Override
	public void close() {
		super.close();
		full.close();
	}
}
