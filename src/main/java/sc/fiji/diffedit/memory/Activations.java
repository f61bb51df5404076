package sc.fiji.diffedit.memory;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.SlowConvolutions;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The peak memory of a network's activations in bytes, without its weights: derived from its layers by walking
 * them in the order of the forward pass with the size of the image at hand, and counting what is alive at the same time.
 * libtorch's own scratch space and what its allocator keeps are not seen, so the numbers are right within a factor of about
 * one and a half ({@code scripts/benchmark-memory} prints both).
 */
public final class Activations {

	/** Overhead of libtorch's operations and allocator. */
	private static final double SCRATCH = 1.15;
	/** The same of what grows with each token: the allocator finds no use for the room that smaller ones leave. */
	private static final double GROWING = 3;

	private final long rows;
	private final long bytes;
	private long height;
	private long width;
	private long peak;
	/** How often a convolution's weight is there in another order while it computes. */
	private int copies = 1;

	private Activations(final long rows, final long height, final long width, final int bytes) {
		this.rows = rows;
		this.bytes = bytes;
		this.height = height;
		this.width = width;
	}

	/**
	 * One call of a UNet.
	 *
	 * @param rows latents in the call, both halves of guidance counted
	 * @param height of the latents
	 * @param width of the latents
	 */
	public static long ofUnet(final UNet unet, final int rows, final int height, final int width) {
		final Activations activations = new Activations(rows, height, width, unet.dtype().bytes());
		activations.copies = unet.isChannelsLast() ? 2 : 1;
		activations.walkUnet(unet.blocks());
		return activations.peak;
	}

	/**
	 * One call of an autoencoder's encoder. Images are encoded one at a time.
	 *
	 * @param height of the image
	 * @param width of the image
	 */
	public static long ofEncoder(final Autoencoder vae, final int height, final int width) {
		return ofAutoencoder(vae, "encoder.", height, width, new VaeScale(1));
	}

	/**
	 * One call of an autoencoder's decoder. Images are decoded one at a time.
	 *
	 * @param height of the image
	 * @param width of the image
	 */
	public static long ofDecoder(final Autoencoder vae, final int height, final int width) {
		return ofAutoencoder(vae, "decoder.", height, width, vae.vaeScale());
	}

	/**
	 * One call of a network of transformer layers: a text encoder, or a safety checker.
	 *
	 * @param rows prompts or images in the call
	 * @param tokens of each prompt, or parts of each image
	 */
	public static long ofTokens(final Network encoder, final int rows, final int tokens) {
		final Activations activations = new Activations(rows, 1, tokens, encoder.dtype().bytes());
		for (final Block block : encoder.blocks()) activations.at(activations.ofLayer(block));
		return activations.peak;
	}

	/** The same for a network that has a place for each token, as CLIP's have, with as many tokens. */
	public static long ofTokens(final Network encoder, final int rows) {
		final long tokens = encoder.blocks().stream().flatMap(block -> block.leaves().stream()).filter(leaf -> leaf.name().equals("position_embedding"))
			.mapToLong(leaf -> leaf.shape()[0]).findFirst().orElse(0);
		return ofTokens(encoder, rows, (int) tokens);
	}

	/**
	 * One call of a stack of transformer layers of which only the sizes are known.
	 *
	 * @param width numbers of a token
	 * @param inner numbers of a token within the feed-forward layer
	 * @param rows in the call
	 * @param tokens of each row, or parts of each picture
	 * @param bytes of a number
	 */
	public static long ofTransformer(final long width, final long inner, final int rows, final int tokens, final int bytes) {
		return (long) (SCRATCH * ofLayer(width, inner) * rows * tokens * bytes);
	}

	/**
	 * What a network that writes words keeps of each row: keys and values of all its tokens in every layer, of the tokens that
	 * are spoken about too, and the scores of what may follow.
	 *
	 * @param width numbers of a key, all heads together
	 * @param rows that are written at once
	 * @param read tokens (or parts of a picture) that are spoken about
	 * @param written most tokens of a row
	 * @param vocabSize that may follow
	 * @param bytes of a number
	 */
	public static long ofTextDecoder(final int layers, final long width, final int rows, final int read, final int written, final int vocabSize,
		final int bytes)
	{
		final long token = 2L * layers * width * rows * bytes;
		return (long) (SCRATCH * read * token + GROWING * (written * token + (long) rows * vocabSize * Math.max(4, bytes)));
	}

	/** @param scale of what goes in: pixels themselves, or latents */
	private static long ofAutoencoder(final Autoencoder vae, final String part, final int height, final int width, final VaeScale scale) {
		if (vae instanceof TiledAutoencoder tiled && Math.max(height, width) > tiled.tiling().sampleSize()) {
			final int edge = tiled.tiling().sampleSize();
			final long finished = 3L * 2 * height * width * vae.dtype().bytes(); // rows of tiles, and the whole
			return ofAutoencoder(tiled.inner(), part, Math.min(edge, height), Math.min(edge, width), scale) + finished;
		}
		if (vae instanceof PreciseAutoencoder precise) return ofAutoencoder(precise.computing(), part, height, width, scale);
		if (vae instanceof WrappedAutoencoder wrapped) return ofAutoencoder(wrapped.inner(), part, height, width, scale);
		final Activations activations = new Activations(1, scale.toLatents(height), scale.toLatents(width), vae.dtype().bytes());
		activations.walkAutoencoder(vae.blocks().stream().filter(block -> block.path().startsWith(part)).toList());
		return activations.peak;
	}

	// -- walking --

	private void walkUnet(final List<Block> blocks) {
		final Deque<Long> skips = new ArrayDeque<>();
		final Deque<long[]> sizes = new ArrayDeque<>();
		long skipBytes = 0;
		for (final Block block : blocks) {
			final String path = block.path();
			final boolean up = path.startsWith("up_blocks");
			if (path.contains("downsamplers")) {
				sizes.push(new long[] { height, width });
				height = (height + 1) / 2;
				width = (width + 1) / 2;
			}
			if (up && path.contains("resnets")) skipBytes -= skips.pop();
			at(skipBytes + extra(block, up) + copies * reordered(block) + widened(block));
			if (path.contains("upsamplers")) {
				height = sizes.peek()[0];
				width = sizes.pop()[1];
			}
			if (path.isEmpty() && has(block, "conv_in") || path.startsWith("down_blocks") && (path.contains("resnets") || path.contains("downsamplers"))) {
				skips.push(channels(out(block)));
				skipBytes += skips.peek();
			}
		}
	}

	private void walkAutoencoder(final List<Block> blocks) {
		for (final Block block : blocks) {
			at(extra(block, true) + reordered(block) + widened(block));
			if (block.path().contains("downsamplers")) {
				height /= 2;
				width /= 2;
			}
			final int scale = block.leaves().stream().mapToInt(Leaf::scale).max().orElse(1);
			height *= scale;
			width *= scale;
		}
	}

	private void at(final long now) {
		peak = Math.max(peak, (long) (SCRATCH * now));
	}

	/** Bytes of an image of this many channels at the present size. */
	private long channels(final long channels) {
		return channels * rows * height * width * bytes;
	}

	/**
	 * What is alive at the peak of a block, skips aside.
	 *
	 * @param own whether the block's input is alive for it alone, and is not a skip
	 */
	private long extra(final Block block, final boolean own) {
		final String path = block.path();
		final long in = in(block);
		final long out = out(block);
		if (path.contains("transformer_blocks")) return channels(13 * in);
		if (path.contains("resnets")) return channels((own ? in : 0) + Math.max(in + out, 2 * out));
		if (path.contains("attentions")) return channels(6 * in);
		if (path.contains("upsamplers")) return channels(in + 4 * in + 4 * out);
		if (path.contains("downsamplers")) return channels(own ? 2 * in : in) + channels(out) / 4;
		return channels(2 * in + out);
	}

	/** A layer of a text encoder: attention with its queries, keys and values, then a wider layer with what its activation makes. */
	private long ofLayer(final Block block) {
		final long width = in(block);
		final long inner = block.leaves().stream().filter(Activations::isMatrix).mapToLong(leaf -> leaf.shape()[0]).max().orElse(0);
		return channels(ofLayer(width, inner));
	}

	private static long ofLayer(final long width, final long inner) {
		return Math.max(8 * width, 2 * width + 3 * inner);
	}

	/** On a CPU each convolution's weight is brought into another order for the call, unless it is packed; with channels last twice. */
	private static long reordered(final Block block) {
		if (!block.device().isCpu() || block.policy() instanceof PackedWeights) return 0;
		final int bytes = isWidened(block) ? DType.FLOAT32.bytes() : block.dtype().bytes();
		return bytes * largestKernel(block);
	}

	/** Picture, weight and result of a convolution that the CPU computes in 32 bits although the network's type has 16. */
	private long widened(final Block block) {
		return isWidened(block) ? DType.FLOAT32.bytes() * (channels(in(block) + out(block)) / bytes + largestKernel(block)) : 0;
	}

	/** Unknown before the engine is loaded. */
	private static boolean isWidened(final Block block) {
		return block.device().isCpu() && largestKernel(block) > 0 && Torch.isRunning() && SlowConvolutions.has(block.dtype());
	}

	/** Numbers of the largest weight of a convolution. */
	private static long largestKernel(final Block block) {
		return block.leaves().stream().filter(leaf -> leaf.kind() == Leaf.Kind.CONV2D)
			.mapToLong(leaf -> Arrays.stream(leaf.shape()).reduce(1, (a, b) -> a * b)).max().orElse(0);
	}

	private static boolean has(final Block block, final String leaf) {
		return block.leaves().stream().anyMatch(l -> l.name().equals(leaf));
	}

	/** Channels that go into a block: those of its first layer with a matrix. */
	private static long in(final Block block) {
		return block.leaves().stream().filter(Activations::isMatrix).mapToLong(leaf -> leaf.shape()[1]).findFirst().orElse(0);
	}

	/** Channels that leave the first layer of a block with a matrix, which are those of its result. */
	private static long out(final Block block) {
		return block.leaves().stream().filter(Activations::isMatrix).mapToLong(leaf -> leaf.shape()[0]).findFirst().orElse(0);
	}

	private static boolean isMatrix(final Leaf leaf) {
		return leaf.kind() == Leaf.Kind.CONV2D || leaf.kind() == Leaf.Kind.LINEAR;
	}
}
