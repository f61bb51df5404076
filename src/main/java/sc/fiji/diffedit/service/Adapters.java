package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The adapters that a borrower adds to a model: LoRA files with their scales and textual inversions. A value object; files are
 * opened when the model is used. Two borrowers of one model may use different adapters.
 *
 * @param loras LoRA files and their scales ({@code set_adapters} in diffusers); 1 applies the file as it was trained
 * @param textualInversions textual inversion files and their tokens in prompts; an empty text for the token named in the file
 * @param fused whether LoRAs are merged into the weights ({@code fuse_lora} in diffusers) rather than computed separately: faster
 *          calls, slower changes
 */
public record Adapters(Map<Path, Double> loras, Map<Path, String> textualInversions, boolean fused) {

	/** No adapters. */
	public static final Adapters NONE = new Adapters(Map.of(), Map.of(), false);

	public Adapters {
		loras = Collections.unmodifiableMap(new LinkedHashMap<>(loras));
		textualInversions = Collections.unmodifiableMap(new LinkedHashMap<>(textualInversions));
	}

	public Adapters withLora(final Path file, final double scale) {
		final Map<Path, Double> more = new LinkedHashMap<>(loras);
		more.put(file, scale);
		return new Adapters(more, textualInversions, fused);
	}

	/** Adds a textual inversion under the token named in its file. */
	public Adapters withTextualInversion(final Path file) {
		return withTextualInversion(file, "");
	}

	public Adapters withTextualInversion(final Path file, final String token) {
		final Map<Path, String> more = new LinkedHashMap<>(textualInversions);
		more.put(file, token);
		return new Adapters(loras, more, fused);
	}

	public Adapters withFused(final boolean fused) {
		return new Adapters(loras, textualInversions, fused);
	}

	/** A copy with all scales multiplied by a factor: {@code cross_attention_kwargs["scale"]} of one call. */
	public Adapters scaled(final double factor) {
		final Map<Path, Double> scaled = new LinkedHashMap<>(loras);
		scaled.replaceAll((file, scale) -> scale * factor);
		return new Adapters(scaled, textualInversions, fused);
	}

	/** The lines for a result's info, one per file: path, content hash, and scale or token; empty without adapters. */
	public List<String> lines() {
		final List<String> lines = new ArrayList<>();
		loras.forEach((file, scale) -> lines.add("LoRA " + named(file) + " scale " + scale));
		textualInversions.forEach((file, token) -> lines.add("textual inversion " + named(file) + (token.isEmpty() ? "" : " as " + token)));
		return lines;
	}

	private static String named(final Path file) {
		return file.toAbsolutePath().normalize() + " hash " + hash(file);
	}

	/**
	 * An identifier of the LoRAs' effect on the networks: equal for files of equal content and equal scales, whatever their paths;
	 * empty without LoRAs. Textual inversions are not included, since they change prompts but no network.
	 */
	public String loraHash() {
		return loras.entrySet().stream().filter(lora -> lora.getValue() != 0).map(lora -> hash(lora.getKey()) + "*" + lora.getValue()).sorted()
			.collect(Collectors.joining("+"));
	}

	/** 16 hexadecimal digits of a hash over the content of a file. */
	private static String hash(final Path file) {
		return Fingerprint.of(file).substring(0, 16);
	}
}
