package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaves;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * Says which images come close to unwanted concepts: CLIP's view of the image against a list of embeddings, each with a
 * threshold of its own (diffusers {@code safety_checker.py}).
 */
public final class StableDiffusionSafetyChecker implements Network {

	private static final String CONCEPTS = "concept_embeds";
	private static final String SPECIAL_CARE = "special_care_embeds";
	/** An image near a concept of special care is judged a little more strictly from there on. */
	private static final float STRICTER = 0.01f;

	private final CLIPVisionModel vision;
	private final Projection projection;
	private final Concepts concepts;
	private final List<Block> blocks;

	/**
	 * Checks the checkpoint against the config; loads nothing yet.
	 *
	 * @param config with {@code vision_config} and {@code projection_dim}
	 * @param dtype type to compute in
	 * @throws DiffEditException if they do not belong together
	 */
	public StableDiffusionSafetyChecker(final Config config, final Weights weights, final DType dtype) {
		final CLIPVisionConfig visionConfig = CLIPVisionConfig.of(config.getConfig("vision_config"));
		final int width = config.getInt("projection_dim", 512);
		if (width < 1) throw config.unsupported("projection_dim", "a number above 0");
		final Parts root = Parts.of(weights, CLIPVisionModel.Programs.KERNELS, dtype);
		vision = new CLIPVisionModel(visionConfig, root.at("vision_model"));
		projection = new Projection(root, visionConfig.hiddenSize(), width);
		concepts = new Concepts(root, count(root, weights, CONCEPTS), count(root, weights, SPECIAL_CARE), width);
		blocks = root.blocks();
	}

	private static long count(final Parts root, final Weights weights, final String name) {
		if (root.has(name) && root.shape(name).length == 2) return root.shape(name)[0];
		throw new DiffEditException(weights.source() + " has no list '" + name + "'; it is not a safety checker or incomplete.");
	}

	/**
	 * CLIP's view of images.
	 *
	 * @param pixelValues from {@link CLIPImageProcessor}, (batch, 3, edge, edge)
	 * @return shape (batch, projection)
	 */
	public Tensor imageEmbeds(final Tensor pixelValues) {
		try (Scope scope = Scope.open()) {
			return scope.keep(projection.forward(vision.forward(pixelValues.to(dtype()))));
		}
	}

	/** Cosines between images and unwanted concepts, (batch, concepts). */
	public Tensor conceptCosines(final Tensor imageEmbeds) {
		return concepts.cosines(imageEmbeds, CONCEPTS);
	}

	/** Cosines between images and concepts of special care, (batch, concepts). */
	public Tensor specialCareCosines(final Tensor imageEmbeds) {
		return concepts.cosines(imageEmbeds, SPECIAL_CARE);
	}

	/** Which images of a batch come too close to an unwanted concept. */
	public boolean[] flags(final Tensor pixelValues) {
		try (Scope scope = Scope.open()) {
			final Tensor embeds = Finite.result("safety_checker", imageEmbeds(pixelValues));   // NaN would exceed no threshold
			final float[] special = specialCareCosines(embeds).toFloatArray();
			final float[] unwanted = conceptCosines(embeds).toFloatArray();
			final float[] specialThresholds = concepts.thresholds(SPECIAL_CARE).toFloatArray();
			final float[] thresholds = concepts.thresholds(CONCEPTS).toFloatArray();
			final boolean[] flags = new boolean[(int) embeds.size(0)];
			for (int i = 0; i < flags.length; i++) {
				final float stricter = exceeded(special, i, specialThresholds, 0, STRICTER) > 0 ? STRICTER : 0;
				flags[i] = exceeded(unwanted, i, thresholds, stricter, 0) > 0;
			}
			return flags;
		}
	}

	/**
	 * How many cosines of an image exceed their thresholds, rounded to three digits as the original does.
	 *
	 * @param adjustment added to every cosine
	 * @param more added from the first one on that exceeds
	 */
	private static int exceeded(final float[] cosines, final int image, final float[] thresholds, final float adjustment, final float more) {
		int count = 0;
		for (int i = 0; i < thresholds.length; i++) {
			final float distance = cosines[image * thresholds.length + i] - thresholds[i] + adjustment + (count > 0 ? more : 0);
			if (Math.rint(distance * 1000f) > 0) count++;
		}
		return count;
	}

	@Override
	public List<Block> blocks() {
		return blocks;
	}

	private static final class Projection extends Block {

		Projection(final Parts parts, final int in, final int out) {
			super(parts, new Leaves().linear("visual_projection", in, out, false));
		}

		Tensor forward(final Tensor x) {
			return call("clip_project", x, "visual_projection");
		}
	}

	private static final class Concepts extends Block {

		Concepts(final Parts parts, final long concepts, final long special, final long width) {
			super(parts, new Leaves().parameter(CONCEPTS, concepts, width).parameter(CONCEPTS + "_weights", concepts)
				.parameter(SPECIAL_CARE, special, width).parameter(SPECIAL_CARE + "_weights", special));
		}

		Tensor cosines(final Tensor embeds, final String list) {
			return call("safety_cosines", embeds, list);
		}

		Tensor thresholds(final String list) {
			return call("safety_thresholds", list);
		}
	}
}
