package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a borrower adds to a model: LoRA files with their scales and textual inversions. A value; nothing is opened before the
 * model is used. Two borrowers of one model may add different things.
 *
 * @param loras LoRA files and their scales ({@code set_adapters} in diffusers); 1 is the file's own strength
 * @param textualInversions files of textual inversion, and what prompts call them; an empty text for the file's own word
 * @param fused whether LoRAs are added to the weights instead of working beside them: faster calls, slower changes
 */
public record Adapters(Map<Path, Double> loras, Map<Path, String> textualInversions, boolean fused) {

	/** The model as it is. */
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

	/** A textual inversion under the name that its file gives. */
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

	/** The same with all scales times a factor: {@code cross_attention_kwargs["scale"]} of one call. */
	public Adapters scaled(final double factor) {
		final Map<Path, Double> scaled = new LinkedHashMap<>(loras);
		scaled.replaceAll((file, scale) -> scale * factor);
		return new Adapters(scaled, textualInversions, fused);
	}

	/** What a result's info says, a line per file: its path, how its content is called, and its scale or word; empty for none. */
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
	 * What the LoRAs do to the networks, in one word: equal for files of equal content and equal scales, wherever the files
	 * lie; empty if nothing is changed. Textual inversions are not in it, since they change prompts and no network.
	 */
	public String loraHash() {
		return loras.entrySet().stream().filter(lora -> lora.getValue() != 0).map(lora -> hash(lora.getKey()) + "*" + lora.getValue()).sorted()
			.collect(Collectors.joining("+"));
	}

	/** 16 hexadecimal digits for the content of a file. */
	private static String hash(final Path file) {
		return Fingerprint.of(file).substring(0, 16);
	}
}
