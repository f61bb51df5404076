package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * A {@link CLIPTextModel} whose pooled output is projected into the space that words share with images: SDXL's second text
 * encoder (transformers {@code modeling_clip.py}).
 */
public final class CLIPTextModelWithProjection implements Network {

	private final CLIPTextModel text;
	private final Projection projection;
	private final List<Block> blocks;

	/** The same on the CPU. */
	public CLIPTextModelWithProjection(final CLIPTextConfig config, final Weights weights, final DType dtype) {
		this(config, weights, dtype, Device.CPU);
	}

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param dtype type to compute in
	 * @param device where its tensors live
	 * @throws sc.fiji.diffedit.DiffEditException if they do not belong together
	 */
	public CLIPTextModelWithProjection(final CLIPTextConfig config, final Weights weights, final DType dtype, final Device device) {
		final Parts root = Parts.of(weights, CLIPTextModel.Programs.KERNELS, dtype, device);
		text = new CLIPTextModel(config, root);
		projection = new Projection(root, config);
		blocks = root.blocks();
	}

	/** The model without its projection; closing it closes this one's layers. */
	public CLIPTextModel text() {
		return text;
	}

	/** Pooled output, shape (batch, width), to {@code text_embeds}, shape (batch, {@link CLIPTextConfig#projectionDim()}). */
	public Tensor project(final Tensor pooled) {
		return projection.forward(pooled);
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	private static final class Projection extends Block {

		private static final String NAME = "text_projection";

		Projection(final Parts root, final CLIPTextConfig config) {
			super(root, new Leaves().linear(NAME, config.hiddenSize(), config.projectionDim(), false));
		}

		Tensor forward(final Tensor pooled) {
			return call("clip_project", pooled, NAME);
		}
	}
}
