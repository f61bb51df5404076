package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * TAESD, the tiny autoencoder, in files of its own: in diffusers' names ({@code encoder.layers.0.weight}), or in those of its authors, who
 * number the layers of both halves from 0. They have the halves in a file each ({@code taesd_encoder.safetensors} and
 * {@code taesd_decoder.safetensors}, {@code 0.weight}); others put both in one file ({@code encoder.0.weight}; ComfyUI
 * {@code taesd_encoder.0.weight}). Their decoder begins with a layer that bounds latents, which diffusers does not count.
 */
final class TinyAutoencoder {

	private static final String ENCODER = "encoder", DECODER = "decoder", FIRST = ".layers.0.weight";
	private static final String[] BEGINNINGS = { "", "taesd_" };
	private static final Pattern LAYER = Pattern.compile("(\\d{1,3})\\.(.*)");

	private TinyAutoencoder() {}

	/**
	 * The weights of a tiny autoencoder in diffusers' names; empty if the file holds something else.
	 *
	 * @param named the file's place, beside which its other half may lie
	 * @param opener opens that one
	 * @throws DiffEditException if there is only one half
	 */
	static Optional<Weights> of(final Weights file, final Path named, final Function<Path, Weights> opener) {
		if (file.has(ENCODER + FIRST)) return Optional.of(file);
		for (final String beginning : BEGINNINGS) {
			final String encoder = beginning + ENCODER + ".", decoder = beginning + DECODER + ".";
			if (!isEncoder(file, encoder) && !isDecoder(file, decoder)) continue;
			if (!isEncoder(file, encoder) || !isDecoder(file, decoder)) throw half(file, isEncoder(file, encoder), "name a file that has both");
			return Optional.of(new RenamedWeights(file, name -> counted(name, encoder, ENCODER, 0).or(() -> counted(name, decoder, DECODER, 1)).orElse(name)));
		}
		if (!isEncoder(file, "") && !isDecoder(file, "")) return Optional.empty();
		return Optional.of(inTwoFiles(file, named, opener));
	}

	/** What a file holds of a tiny autoencoder, for people; empty if it holds something else. */
	static Optional<String> kind(final Weights file) {
		if (isEncoder(file, "") || isDecoder(file, "")) return Optional.of((isEncoder(file, "") ? ENCODER : DECODER) + " of a tiny autoencoder (TAESD), which serves with its other half beside it");
		final boolean whole = file.has(ENCODER + FIRST) || Arrays.stream(BEGINNINGS).anyMatch(beginning -> isDecoder(file, beginning + DECODER + "."));
		return whole ? Optional.of("tiny autoencoder (TAESD) in one file") : Optional.empty();
	}

	private static Weights inTwoFiles(final Weights file, final Path named, final Function<Path, Weights> opener) {
		final boolean encodes = isEncoder(file, "");
		final Path beside = otherHalf(named).orElseThrow(() -> half(file, encodes, "name it with the word " + (encodes ? ENCODER : DECODER) + " in its name, beside the other half with "
			+ (encodes ? DECODER : ENCODER) + " in its place"));
		if (!Files.isRegularFile(beside)) throw half(file, encodes, "put " + beside.getFileName() + " beside it");
		final Weights other = opener.apply(beside);
		if (encodes ? !isDecoder(other, "") : !isEncoder(other, "")) throw half(file, encodes, "put the other half in place of " + beside.getFileName() + " beside it, which is something else");
		return ShardedWeights.of(file.source(), new RenamedWeights(encodes ? file : other, name -> counted(name, "", ENCODER, 0).orElse(name)),
			new RenamedWeights(encodes ? other : file, name -> counted(name, "", DECODER, 1).orElse(name)));
	}

	/** Where the other half of a file lies, if it lies anywhere: the file of the same name with the other word. */
	static Optional<Path> otherHalf(final Path named) {
		final String name = named.getFileName().toString();
		if (!name.contains(ENCODER) && !name.contains(DECODER)) return Optional.empty();
		return Optional.of(named.resolveSibling(name.contains(ENCODER) ? name.replace(ENCODER, DECODER) : name.replace(DECODER, ENCODER)));
	}

	private static boolean isEncoder(final Weights file, final String prefix) {
		return file.has(prefix + "0.weight") && file.has(prefix + "1.conv.0.weight");
	}

	private static boolean isDecoder(final Weights file, final String prefix) {
		return file.has(prefix + "1.weight") && file.has(prefix + "3.conv.0.weight");
	}

	/** The name of a layer of one half in diffusers, whose first layer here has a number; empty for other names. */
	private static Optional<String> counted(final String name, final String prefix, final String half, final int first) {
		final Matcher layer = LAYER.matcher(name.startsWith(prefix) ? name.substring(prefix.length()) : "");
		return layer.matches() ? Optional.of(half + ".layers." + (Integer.parseInt(layer.group(1)) - first) + "." + layer.group(2)) : Optional.empty();
	}

	private static DiffEditException half(final Weights file, final boolean encodes, final String what) {
		return new DiffEditException(file.source() + " is the " + (encodes ? ENCODER : DECODER) + " of a tiny autoencoder (TAESD) without its " + (encodes ? DECODER : ENCODER) + "; " + what + ".");
	}

	/** The config of a tiny autoencoder in files of its own: diffusers' defaults, and the channels that it has; empty for other weights. */
	static Optional<Config> config(final Weights weights) {
		if (!weights.has(ENCODER + FIRST)) return Optional.empty();
		final JsonObject config = new JsonObject();
		config.addProperty("_class_name", "AutoencoderTiny");
		config.addProperty("latent_channels", weights.size(DECODER + FIRST, 1));
		final JsonArray channels = new JsonArray();
		for (int i = 0; i < 4; i++) channels.add(weights.size(ENCODER + FIRST, 0));
		config.add("encoder_block_out_channels", channels);
		config.add("decoder_block_out_channels", channels);
		return Optional.of(new Config(weights.source(), config));
	}
}
