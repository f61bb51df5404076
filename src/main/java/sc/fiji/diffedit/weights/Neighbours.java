package sc.fiji.diffedit.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies beside a checkpoint in one file and belongs to it by its name, as A1111 has it: {@code model.yaml}, {@code model.vae.safetensors}
 * and the folders {@code model/tokenizer} or {@code tokenizer}.
 *
 * @param folder the folder of the checkpoint
 * @param stem its name without the ending
 */
record Neighbours(Path folder, String stem) {

	private static final List<String> YAMLS = List.of(".yaml", ".yml"), VAES = List.of(".vae.safetensors", ".vae.pt", ".vae.ckpt");

	static Neighbours of(final Path checkpoint) {
		final String name = checkpoint.getFileName().toString();
		return new Neighbours(checkpoint.toAbsolutePath().getParent(), name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name);
	}

	/** The training config. */
	Optional<Path> yaml() {
		return first(YAMLS);
	}

	/** An autoencoder that shall take the place of the checkpoint's own. */
	Optional<Path> vae() {
		return first(VAES);
	}

	private Optional<Path> first(final List<String> endings) {
		return endings.stream().map(ending -> folder.resolve(stem + ending)).filter(Files::isRegularFile).findFirst();
	}

	/** The files that count where they exist. */
	List<Path> files() {
		return Stream.concat(YAMLS.stream(), VAES.stream()).map(ending -> folder.resolve(stem + ending)).toList();
	}

	/** The folder of a tokenizer. SDXL's two differ only in what they pad with. */
	Optional<Path> tokenizer(final String part) {
		return Stream.of(folder.resolve(stem).resolve(part), folder.resolve(part)).filter(PartFolder::isTokenizer).findFirst();
	}
}
