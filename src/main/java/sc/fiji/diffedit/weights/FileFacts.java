package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.config.JsonText;

/**
 * What a file or folder says of itself, in lines for people: licence, title, words that it was trained with. Read from the metadata of
 * safetensors and GGUF files (Stability AI's ModelSpec, kohya's {@code ss_} keys) and from the head of a folder's {@code README.md}. Files say what they
 * like: everything is cut, and nothing is taken for true.
 */
final class FileFacts {

	private static final int LONGEST = 300, HEAD = 16_384, MOST_WORDS = 12;
	private static final Map<String, String> KEYS = keys();
	private static final Pattern README = Pattern.compile("^(license|license_name|base_model|instance_prompt)\\s*:[ \\t]*([^\\n]+)$", Pattern.MULTILINE);

	private FileFacts() {}

	private static Map<String, String> keys() {
		final Map<String, String> keys = new LinkedHashMap<>();
		keys.put("modelspec.title", "title");
		keys.put("modelspec.author", "author");
		keys.put("modelspec.license", "licence");
		keys.put("modelspec.trigger_phrase", "trigger words");
		keys.put("modelspec.usage_hint", "how to use it");
		keys.put("modelspec.resolution", "made for");
		keys.put("modelspec.description", "description");
		keys.put("modelspec.architecture", "architecture");
		keys.put("ss_base_model_version", "trained for");
		keys.put("ss_network_module", "trained with");
		keys.put("ss_sd_model_name", "trained on");
		keys.put("license", "licence");
		keys.put("general.name", "title");
		keys.put("general.author", "author");
		keys.put("general.license", "licence");
		keys.put("general.architecture", "made for");
		return keys;
	}

	/** The lines of a file; none for kinds of files that say nothing of themselves. */
	static List<String> of(final WeightsFile file) {
		final List<String> lines = new ArrayList<>();
		final Map<String, String> metadata = file.metadata();
		KEYS.forEach((key, name) -> {
			if (metadata.containsKey(key) && !metadata.get(key).isBlank()) lines.add(name + ": " + shown(metadata.get(key)));
		});
		words(metadata.get("ss_tag_frequency")).ifPresent(words -> lines.add("most frequent words of its training: " + words));
		return lines;
	}

	/** The lines of a folder, from its {@code README.md}. */
	static List<String> of(final Path folder) {
		final Path readme = folder.resolve("README.md");
		if (!Files.isRegularFile(readme)) return List.of();
		try (InputStream in = RegularFile.open(readme)) {
			final Matcher line = README.matcher(new String(in.readNBytes(HEAD), StandardCharsets.UTF_8));
			final List<String> lines = new ArrayList<>();
			while (line.find()) lines.add(line.group(1).replace("license", "licence").replace('_', ' ') + ": " + shown(line.group(2)));
			return lines;
		}
		catch (final IOException e) {
			throw new DiffEditException(readme + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** kohya's counts of the words in the training captions: {@code {folder: {word: count}}}. */
	private static Optional<String> words(final String counts) {
		if (counts == null) return Optional.empty();
		final Map<String, Integer> sums = new TreeMap<>();
		try {
			for (final JsonElement folder : JsonText.object("ss_tag_frequency", counts).asMap().values()) {
				if (folder instanceof JsonObject words) words.entrySet().forEach(word -> sums.merge(word.getKey().strip(), word.getValue().getAsInt(), Integer::sum));
			}
		}
		catch (final DiffEditException | NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
			return Optional.empty();
		}
		if (sums.isEmpty()) return Optional.empty();
		return Optional.of(shown(sums.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).limit(MOST_WORDS).map(Map.Entry::getKey)
			.collect(Collectors.joining(", "))));
	}

	/** A text from outside for one line of a message, cut. */
	static String shown(final String text) {
		final String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
		return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
	}
}
