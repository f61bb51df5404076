package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.MappedWeights.View;

/**
 * The parts of a checkpoint in one file, as the original trainers write it, under the names of diffusers: UNet, autoencoder
 * and text encoders. What a file may hold besides (averaged copies, noise schedules, optimizer states) is left out. Follows
 * diffusers 0.42.1, {@code loaders/single_file_utils.py}.
 */
final class SingleFile {

	static final String UNET = "model.diffusion_model.";
	static final String VAE = "first_stage_model.";
	private static final String FIRST = "input_blocks.0.0.weight";
	private static final String CLIP_SD1 = "cond_stage_model.transformer.";
	private static final String OPEN_CLIP_SD2 = "cond_stage_model.model.";
	private static final String CLIP_XL = "conditioner.embedders.0.transformer.";
	private static final String OPEN_CLIP_XL = "conditioner.embedders.1.model.";
	/** stable-diffusion.cpp's name of the second text encoder; it has CLIP's names within. */
	private static final String CLIP_CPP_2 = "cond_stage_model.1.transformer.";
	private static final String OPEN_CLIP_REFINER = "conditioner.embedders.0.model.";

	private final Weights weights;
	private final Map<String, WeightsView> parts = new LinkedHashMap<>();
	private final String unetPrefix;
	private final Family family;

	/** @param otherwise the family of a file that holds a UNet alone, with words of a width that no public model has */
	SingleFile(final Weights stored, final Optional<Family> otherwise) {
		this.weights = ScaledWeights.of(stored);
		ForeignModels.refuse(weights.source(), ForeignModels.byTensors(weights));
		this.unetPrefix = unetPrefix(weights);
		final Family recognised = recognise();
		this.family = recognised == null && unetPrefix != null ? otherwise.orElse(null) : recognised;
		if (family == null) {
			throw new DiffEditException(weights.source() + " is not a checkpoint of Stable Diffusion 1.x, 2.x or XL" + LonePart.of(weights).map(LonePart::advice)
				.orElse(": it has no tensors " + UNET + "* of a known kind. Choose such a file or a folder in diffusers format."));
		}
		ForeignModels.refuse(weights.source(), ForeignModels.byChannels(weights.size(unetPrefix + FIRST, 1)));
		parts.put("unet", unet(weights, unetPrefix));
		if (hasPrefix(VAE)) parts.put("vae", vae(weights, VAE));
		if (hasPrefix(CLIP_SD1)) parts.put("text_encoder", TextEncoderNames.clip(weights, CLIP_SD1, false));
		else if (hasPrefix(CLIP_XL)) parts.put("text_encoder", TextEncoderNames.clip(weights, CLIP_XL, false));
		else if (hasPrefix(OPEN_CLIP_SD2)) parts.put("text_encoder", TextEncoderNames.openClip(weights, OPEN_CLIP_SD2, false));
		else if (hasPrefix(OPEN_CLIP_REFINER) && !family.isXl()) parts.put("text_encoder", TextEncoderNames.openClip(weights, OPEN_CLIP_REFINER, false));
		if (!family.isXl()) return;
		if (hasPrefix(OPEN_CLIP_XL)) parts.put("text_encoder_2", TextEncoderNames.openClip(weights, OPEN_CLIP_XL, true));
		else if (hasPrefix(CLIP_CPP_2)) parts.put("text_encoder_2", TextEncoderNames.clip(weights, CLIP_CPP_2, true));
		else if (hasPrefix(OPEN_CLIP_REFINER)) parts.put("text_encoder_2", TextEncoderNames.openClip(weights, OPEN_CLIP_REFINER, true));
	}

	/** Whether weights carry the names of an original checkpoint with a UNet. */
	static boolean is(final Weights weights) {
		return unetPrefix(weights) != null;
	}

	/** What the names of the UNet begin with, which may be nothing in a file of a UNet alone; null if there is none. */
	private static String unetPrefix(final Weights weights) {
		return weights.has(UNET + FIRST) ? UNET : weights.has(FIRST) ? "" : null;
	}

	String unetPrefix() {
		return unetPrefix;
	}

	/** Whether the file is in the naming of Stability AI's later trainer, in which of SD 2 only models that predict noise are published. */
	boolean isSgm() {
		return hasPrefix("conditioner.");
	}

	Family family() {
		return family;
	}

	/** The parts that the file holds, under the names of diffusers: unet, vae, text_encoder, text_encoder_2. */
	Map<String, WeightsView> parts() {
		return parts;
	}

	String source() {
		return weights.source();
	}

	/** The names of the tensors that belong to no part. */
	Set<String> leftOut() {
		final Set<String> left = new LinkedHashSet<>(weights.names());
		parts.values().forEach(part -> left.removeAll(part.storedNames()));
		return left;
	}

	/** Whether the file has a tensor of this original name. */
	boolean has(final String original) {
		return weights.has(original);
	}

	private boolean hasPrefix(final String prefix) {
		return weights.names().stream().anyMatch(name -> name.startsWith(prefix));
	}

	/** By the width of the words where it is that of a public model, else by the text encoders in the file. */
	private Family recognise() {
		if (unetPrefix == null) return null;
		final boolean added = weights.has(unetPrefix + "label_emb.0.0.weight");
		final Optional<String> attention = weights.names().stream().filter(name -> name.startsWith(unetPrefix) && name.endsWith("attn2.to_k.weight")).findFirst();
		final Family byWidth = attention.map(name -> Family.of(weights.size(name, 1), added)).orElse(null);
		if (byWidth != null) return byWidth;
		if (hasPrefix(OPEN_CLIP_XL) || hasPrefix(CLIP_CPP_2)) return added ? Family.SDXL : null;
		if (hasPrefix(OPEN_CLIP_REFINER)) return added ? Family.SDXL_REFINER : Family.SD2;
		if (hasPrefix(OPEN_CLIP_SD2)) return added ? null : Family.SD2;
		if (TextEncoderNames.isFused(weights, CLIP_SD1)) return added ? null : Family.SD2;
		return hasPrefix(CLIP_SD1) && !added ? Family.SD1 : null;
	}

	// -- UNet --

	/** How many levels a UNet has, how many layers on each, and where it attends; read off the names of a checkpoint. */
	record UNetShape(int levels, int layers, Set<Integer> attentionDown, Set<Integer> attentionUp) {

		static UNetShape of(final Weights weights, final String prefix) {
			final List<Integer> layers = new ArrayList<>(List.of(0));
			final Set<Integer> attention = new HashSet<>();
			for (int n = 1; weights.has(prefix + "input_blocks." + n + ".0.op.weight") || weights.has(prefix + "input_blocks." + n + ".0.in_layers.0.weight"); n++) {
				final int level = layers.size() - 1;
				if (weights.has(prefix + "input_blocks." + n + ".0.op.weight")) layers.add(0);
				else layers.set(level, layers.get(level) + 1);
				if (weights.has(prefix + "input_blocks." + n + ".1.norm.weight")) attention.add(level);
			}
			if (layers.stream().distinct().count() != 1 || layers.get(0) == 0) {
				throw new DiffEditException(weights.source() + " has a UNet with " + layers + " layers on its levels; supported is one number for all levels.");
			}
			return new UNetShape(layers.size(), layers.get(0), attention, attentionUp(weights, prefix, layers.size(), layers.get(0)));
		}

		private static Set<Integer> attentionUp(final Weights weights, final String prefix, final int levels, final int layers) {
			final Set<Integer> attention = new HashSet<>();
			for (int i = 0; i < levels; i++) {
				if (weights.has(prefix + "output_blocks." + i * (layers + 1) + ".1.norm.weight")) attention.add(i);
			}
			return attention;
		}

		/** The same, read off the names of diffusers; empty when they are not those of a UNet. */
		static Optional<UNetShape> ofDiffusers(final Set<String> names) {
			int levels = 0;
			while (names.contains("down_blocks." + levels + ".resnets.0.conv1.weight")) levels++;
			int layers = 0;
			while (names.contains("down_blocks.0.resnets." + layers + ".conv1.weight")) layers++;
			final Set<Integer> down = new HashSet<>();
			final Set<Integer> up = new HashSet<>();
			for (int i = 0; i < levels; i++) {
				if (names.contains("down_blocks." + i + ".attentions.0.norm.weight")) down.add(i);
				if (names.contains("up_blocks." + i + ".attentions.0.norm.weight")) up.add(i);
			}
			return levels == 0 ? Optional.empty() : Optional.of(new UNetShape(levels, layers, down, up));
		}

		NameTable names() {
			return new NameTable("unet", levels, layers, attentionUp);
		}
	}

	private static WeightsView unet(final Weights weights, final String prefix) {
		return renamed(weights, prefix, UNetShape.of(weights, prefix).names());
	}

	static MappedWeights renamed(final Weights weights, final String prefix, final NameTable names) {
		final MappedWeights mapped = new MappedWeights(weights);
		for (final String stored : weights.names()) {
			if (stored.startsWith(prefix)) names.toDiffusers(stored.substring(prefix.length())).ifPresent(name -> mapped.put(name, stored, View.SAME));
		}
		return mapped;
	}

	// -- autoencoder --

	/** Whether weights are those of an autoencoder under its original names, behind a prefix. */
	static boolean isVae(final Weights weights, final String prefix) {
		return weights.has(prefix + "decoder.mid.block_1.norm1.weight");
	}

	static WeightsView vae(final Weights weights, final String prefix) {
		final MappedWeights mapped = new MappedWeights(weights);
		final NameTable names = vaeNames(weights, prefix);
		for (final String stored : weights.names()) {
			if (!stored.startsWith(prefix)) continue;
			names.toDiffusers(stored.substring(prefix.length())).ifPresent(name -> mapped.put(name, stored,
				name.contains(".attentions.") && weights.shape(stored).length == 4 ? View.MATRIX : View.SAME));
		}
		return mapped;
	}

	static NameTable vaeNames(final Weights weights, final String prefix) {
		int levels = 0;
		while (weights.has(prefix + "decoder.up." + levels + ".block.0.conv1.weight")) levels++;
		int layers = 0;
		while (weights.has(prefix + "decoder.up.0.block." + layers + ".conv1.weight")) layers++;
		return new NameTable("vae", levels, Math.max(0, layers - 1), Set.of());
	}
}
