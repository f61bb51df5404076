package sc.fiji.diffedit.tensor;

import ai.djl.pytorch.jni.IValue;

/**
 * Seeded random numbers: the very stream of {@code torch.Generator("cpu").manual_seed(seed)}, without touching global
 * state. The state advances from draw to draw; draws are made on the CPU in the requested element type, so an image depends
 * on the seed and the type, never on the device. It belongs to the innermost {@link Scope} of the thread that made it.
 */
public final class Generator implements AutoCloseable {

	private final Scope owner;
	private IValue handle;

	private Generator(final Scope owner, final IValue handle) {
		this.owner = owner;
		this.handle = handle;
	}

	/** @param seed any number; two generators of one seed give the same numbers */
	public static Generator of(final long seed) {
		final Generator generator = new Generator(Scope.current(), Elementary.run("generator", seed));
		generator.owner.add(generator);
		return generator;
	}

	/** Numbers of the standard normal distribution. Fewer than 16 at a time come from another stream, as in PyTorch. */
	public Tensor randn(final DType dtype, final long... shape) {
		return Elementary.call("randn", this, shape, dtype.torchCode());
	}

	/** Numbers evenly spread over [0, 1). */
	public Tensor rand(final DType dtype, final long... shape) {
		return Elementary.call("rand", this, shape, dtype.torchCode());
	}

	/** One whole number in [0, high). */
	public long randint(final long high) {
		try (Tensor number = Elementary.call("randint", this, high)) {
			return number.toLongArray()[0];
		}
	}

	/**
	 * One column number per row, drawn with the probabilities that stand there, as {@code torch.multinomial} does.
	 *
	 * @param probabilities shape (rows, columns), not negative; moved to the CPU
	 * @return shape (rows, 1)
	 */
	public Tensor multinomial(final Tensor probabilities) {
		try (Tensor here = probabilities.to(Device.CPU)) {
			return Elementary.call("multinomial", this, here);
		}
	}

	IValue handle() {
		if (handle == null) throw new IllegalStateException("this generator is closed");
		return handle;
	}

	@Override
	public void close() {
		if (handle == null) return;
		handle.close();
		handle = null;
		owner.remove(this);
	}
}
