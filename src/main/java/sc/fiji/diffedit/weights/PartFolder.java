package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;

/** What somebody named for a part of a model: the part's own folder, a whole model, a file of the part alone, or a checkpoint in one file. */
final class PartFolder {

	private PartFolder() {}

	/** Whether a folder holds a tokenizer. */
	static boolean isTokenizer(final Path folder) {
		return Files.isRegularFile(folder.resolve("vocab.json")) || Files.isRegularFile(folder.resolve("tokenizer.json"));
	}

	/** The folder of a part: below a whole model, around a file such as {@code tokenizer.json}, else what was named. */
	static Path of(final Path named, final String part) {
		if (Files.isDirectory(named)) return Files.isRegularFile(named.resolve(ModelFolder.INDEX)) && Files.isDirectory(named.resolve(part)) ? named.resolve(part) : named;
		final boolean describes = named.getFileName().toString().matches(".*\\.(json|txt)");
		return describes ? named.toAbsolutePath().getParent() : named;
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

	private static Weights ofCheckpoint(final Weights checkpoint, final String part) {
		final SingleFile file = new SingleFile(checkpoint, Optional.of(Family.SD1));
		final Weights weights = file.parts().get(part);
		if (weights == null) throw new DiffEditException(checkpoint.source() + " holds " + String.join(", ", file.parts().keySet()) + " and no " + part + "; name another file.");
		return weights;
	}
}
