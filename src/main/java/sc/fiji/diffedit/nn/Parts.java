package sc.fiji.diffedit.nn;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.weights.Weights;

/**
 * What a network under construction is made of: a place in the checkpoint's tree of names, the kernels its blocks call and
 * the type they compute in. {@code parts.at("resnets.0")} walks down, so the tree of Java objects and the tree of names
 * are one tree. Every {@link Block} made from it is remembered in order of construction, which is the order of the
 * forward pass.
 */
public final class Parts {

	private final Weights weights;
	private final Kernels kernels;
	private final DType dtype;
	private final Device device;
	private final String prefix;
	private final List<Block> blocks;

	private Parts(final Weights weights, final Kernels kernels, final DType dtype, final Device device, final String prefix,
		final List<Block> blocks)
	{
		this.weights = weights;
		this.kernels = kernels;
		this.dtype = dtype;
		this.device = device;
		this.prefix = prefix;
		this.blocks = blocks;
	}

	/** The root of a network on the CPU. */
	public static Parts of(final Weights weights, final Kernels kernels, final DType dtype) {
		return of(weights, kernels, dtype, Device.CPU);
	}

	/**
	 * The root of a network.
	 *
	 * @param dtype type to compute in; tensors stored in another one are cast when they are loaded
	 * @param device where its tensors live once they are loaded
	 */
	public static Parts of(final Weights weights, final Kernels kernels, final DType dtype, final Device device) {
		return new Parts(weights, kernels, dtype, device, "", new ArrayList<>());
	}

	/** The part below a name. */
	public Parts at(final String name) {
		return new Parts(weights, kernels, dtype, device, prefix + name + ".", blocks);
	}

	/** The {@code index}-th part of a list, such as {@code at("resnets", 0)}. */
	public Parts at(final String name, final int index) {
		return at(name + "." + index);
	}

	/** Whether the checkpoint has a tensor of this name here. */
	public boolean has(final String tensor) {
		return weights.has(prefix + tensor);
	}

	/** Shape of a tensor here. */
	public long[] shape(final String tensor) {
		return weights.shape(prefix + tensor);
	}

	/** The blocks made so far, in order. */
	public List<Block> blocks() {
		return List.copyOf(blocks);
	}

	Weights weights() {
		return weights;
	}

	Kernels kernels() {
		return kernels;
	}

	DType dtype() {
		return dtype;
	}

	Device device() {
		return device;
	}

	String prefix() {
		return prefix;
	}

	void add(final Block block) {
		blocks.add(block);
	}
}
