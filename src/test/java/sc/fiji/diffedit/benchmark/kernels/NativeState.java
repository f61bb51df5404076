package sc.fiji.diffedit.benchmark.kernels;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Torch;

/** A thread that may compute, and a scope for what a benchmark keeps from call to call. */
@State(Scope.Thread)
public abstract class NativeState {

	private sc.fiji.diffedit.tensor.Scope scope;
	Generator numbers;

	@Setup(Level.Trial)
	public final void open() {
		Torch.prepareThread();
		scope = sc.fiji.diffedit.tensor.Scope.open();
		numbers = Generator.of(1);
		prepare();
	}

	/** Makes inputs and networks, in the scope that stays open. */
	abstract void prepare();

	/** Frees networks. */
	void release() {}

	@TearDown(Level.Trial)
	public final void close() {
		release();
		scope.close();
	}
}
