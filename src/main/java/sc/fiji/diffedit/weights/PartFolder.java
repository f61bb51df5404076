package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;

/** What somebody named for a part of a model: the part's own folder, a whole model, a file of the part alone, or a checkpoint in one file. */
final class PartFolder {

	private PartFolder() {}

	/** Whether a folder holds a tokenizer. */
	static boolean isTokenizer(final Path folder) {
		return Files.isRegularFile(folder.resolve("vocab.json")) || Files.isRegularFile(folder.resolve("tokenizer.json"));
	}

	/** Whether what was named is a file of weights, and neither a folder nor a file that stands for its folder. */
	static boolean isWeights(final Path named) {
		return Files.isRegularFile(named) && !named.getFileName().toString().matches(".*\\.(json|txt)");
	}

	/** The folder of a part: below a whole model, around a file such as {@code tokenizer.json}, else what was named. */
	static Path of(final Path named, final String part) {
		if (Files.isDirectory(named)) return Files.isRegularFile(named.resolve(ModelFolder.INDEX)) && Files.isDirectory(named.resolve(part)) ? named.resolve(part) : named;
		return isWeights(named) ? named : named.toAbsolutePath().getParent();
	}

	/**
	 * The weights of a part.
	 *
	 * @param model the model that they become a part of, which closes them
	 */
	static Weights weights(final Path named, final String part, final ModelFolder model) {
		if (Files.isDirectory(named)) {
			final ModelFolder folder = model.openFolder(named);
			return folder.weights(folder.has(part) ? part : ModelFolder.WHOLE);
		}
		final Weights file = ScaledWeights.of(model.openFile(named));
		ForeignModels.refuse(file.source(), ForeignModels.byTensors(file));
		if (SingleFile.is(file)) return ofCheckpoint(file, part);
		if (part.equals(ModelFolder.VAE)) {
			for (final String prefix : new String[] { "", SingleFile.VAE }) {
				if (SingleFile.isVae(file, prefix)) return SingleFile.vae(file, prefix);
			}
		}
		if (part.equals(ModelFolder.VAE)) {
			return TinyAutoencoder.of(file, named, beside -> ScaledWeights.of(model.openFile(beside))).orElseGet(() -> StateNames.normalised(file, "AutoencoderKL"));
		}
		if (part.startsWith("text_encoder") && TextEncoderNames.isOpenClip(file, "")) return TextEncoderNames.openClip(file, "", part.endsWith("_2"));
		if (part.startsWith("text_encoder") && TextEncoderNames.isLlama(file)) return TextEncoderNames.llama(file);
		return StateNames.normalised(file, model.className(part));
	}

	/** Names of a file that was named for a part, in its own naming, of tensors that neither this part nor another one has. */
	static Set<String> leftOut(final Weights part) {
		if (!(part instanceof WeightsView view)) return Set.of();
		final Set<String> used = view.storedNames();
		final Set<String> roots = used.stream().map(PartFolder::root).collect(Collectors.toSet());
		final boolean whole = view.stored().names().stream().anyMatch(name -> name.startsWith(SingleFile.UNET));
		return view.stored().names().stream().filter(name -> !used.contains(name) && (!whole || roots.contains(root(name)))).collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/** What the names of a part begin with in a whole checkpoint. */
	private static String root(final String name) {
		final String[] words = name.split("\\.", 4);
		return words[0].equals("conditioner") && words.length > 2 ? words[2] : words[0];
	}

	private static Weights ofCheckpoint(final Weights checkpoint, final String part) {
		final SingleFile file = new SingleFile(checkpoint, Optional.of(Family.SD1));
		final Weights weights = file.parts().get(part);
		if (weights == null) throw new DiffEditException(checkpoint.source() + " holds " + String.join(", ", file.parts().keySet()) + " and no " + part + "; name another file.");
		return weights;
	}
}
