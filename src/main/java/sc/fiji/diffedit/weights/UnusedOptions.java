package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/** Options of how a model is opened that play no role for it: those that cannot be meant are refused, the others told. */
final class UnusedOptions {

	/** They are nothing but files of settings and words. */
	private static final Set<String> CONFIGS = Set.of("scheduler", "feature_extractor");

	private UnusedOptions() {}

	/** @throws DiffEditException if a part is named that no model has, a place where nothing is, or one for a scheduler without its config */
	static void requireParts(final ModelOptions options) {
		options.separateParts().forEach((part, named) -> {
			if (!ModelOptions.PARTS.contains(part)) throw new DiffEditException("No model has a part '" + part + "'; name one of " + String.join(", ", ModelOptions.PARTS) + ".");
			if (!Files.exists(named)) throw new DiffEditException("There is no file or folder " + named + ", which was named for the part '" + part + "'; correct the path.");
			final Path config = PartFolder.of(named, part).resolve(PartConfigs.fileName(part));
			if (CONFIGS.contains(part) && !isItself(named, config)) throw new DiffEditException(named + " is no " + part + ": that is a folder with " + config.getFileName() + ", or that file; name one.");
		});
	}

	/** Whether what was named is a folder with the config, or the config. */
	private static boolean isItself(final Path named, final Path config) {
		return Files.isRegularFile(config) && (Files.isDirectory(named) || named.toAbsolutePath().equals(config.toAbsolutePath()));
	}

	/** Sentences for a companion of a folder, and for a variant of which it has no file. */
	static List<String> of(final ModelFolder folder, final ModelOptions options) {
		final List<String> sentences = new ArrayList<>();
		final String name = folder.root().getFileName().toString();
		options.companion().ifPresent(other -> sentences.add("The companion " + other.getFileName() + " is not used, since " + name
			+ " is a folder with configs and tokenizers of its own; a companion serves a checkpoint in one file. To take single parts from it, name them (vae: FOLDER)."));
		options.variant().filter(variant -> !variant.equals(name) && folder.parts().stream().noneMatch(part -> folder.variants(part).contains(variant)))
			.ifPresent(variant -> sentences.add("The variant " + variant + " is not used: " + name + " has no file of it, so that its plain files were taken."));
		return sentences;
	}

	/** A sentence for a variant of a checkpoint in one file. */
	static Stream<String> ofFile(final Path file, final ModelOptions options) {
		return options.variant().map(name -> "The variant " + name + " is not used: " + file.getFileName() + " is one file, which has no variants.").stream();
	}
}
