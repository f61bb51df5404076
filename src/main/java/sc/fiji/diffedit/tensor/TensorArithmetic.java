package sc.fiji.diffedit.tensor;

/**
 * What can be computed with a tensor. Shapes broadcast as in PyTorch, and arithmetic keeps the element type of its
 * tensors: numbers do not widen it. Results are new tensors and belong to the innermost {@link Scope}.
 * The names {@code plus}, {@code minus}, {@code multiply} and {@code div} are Groovy's operators, so a script may write
 * {@code uncond + (cond - uncond) * guidance}.
 */
public sealed interface TensorArithmetic permits Tensor {

	default Tensor plus(final Tensor other) {
		return Elementary.call("add", this, other);
	}

	default Tensor plus(final double number) {
		return Elementary.call("add_number", this, number);
	}

	default Tensor minus(final Tensor other) {
		return Elementary.call("sub", this, other);
	}

	default Tensor minus(final double number) {
		return plus(-number);
	}

	default Tensor multiply(final Tensor other) {
		return Elementary.call("mul", this, other);
	}

	default Tensor multiply(final double number) {
		return Elementary.call("mul_number", this, number);
	}

	default Tensor div(final Tensor other) {
		return Elementary.call("div", this, other);
	}

	default Tensor div(final double number) {
		return Elementary.call("div_number", this, number);
	}

	default Tensor negative() {
		return multiply(-1);
	}

	default Tensor abs() {
		return Elementary.call("abs", this);
	}

	default Tensor square() {
		return Elementary.call("mul", this, this);
	}

	default Tensor sqrt() {
		return Elementary.call("sqrt", this);
	}

	default Tensor exp() {
		return Elementary.call("exp", this);
	}

	default Tensor log() {
		return Elementary.call("log", this);
	}

	/** Each element moved into [low, high]. */
	default Tensor clamp(final double low, final double high) {
		return Elementary.call("clamp", this, low, high);
	}

	/** Mean over the given axes, which are kept with length 1 on request ({@code keepdim}). */
	default Tensor mean(final boolean keepAxes, final long... axes) {
		return Elementary.call("mean", this, axes, keepAxes);
	}

	/** Mean of all elements. */
	default Tensor mean() {
		return Elementary.call("mean_all", this);
	}

	/** Unbiased standard deviation over the given axes, as {@code torch.std}. */
	default Tensor std(final boolean keepAxes, final long... axes) {
		return Elementary.call("std", this, axes, keepAxes);
	}

	default Tensor sum(final boolean keepAxes, final long... axes) {
		return Elementary.call("sum", this, axes, keepAxes);
	}

	default Tensor matmul(final Tensor other) {
		return Elementary.call("matmul", this, other);
	}

	/** The inverse of each square matrix on the last two axes, as {@code torch.inverse}. */
	default Tensor inverse() {
		return Elementary.call("inverse", this);
	}

	default Tensor softmax(final int axis) {
		return Elementary.call("softmax", this, axis);
	}
}
