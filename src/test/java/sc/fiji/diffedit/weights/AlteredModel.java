package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Copies of tiny golden models with other tensors or other settings. */
public final class AlteredModel {

	private AlteredModel() {}

	/** Copies a folder with everything in it. */
	public static Path copy(final Path from, final Path to) {
		try (Stream<Path> files = Files.walk(from)) {
			for (final Path file : files.toList()) {
				final Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(target);
				else Files.copy(file, target);
			}
			return to;
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Changes a JSON file. */
	public static void json(final Path file, final Consumer<JsonObject> change) {
		final JsonObject json = Files.exists(file) ? Config.read(file).json() : new JsonObject();
		change.accept(json);
		text(file, json.toString());
	}

	public static void text(final Path file, final String text) {
		try {
			Files.createDirectories(file.getParent());
			Files.writeString(file, text);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Writes a file's tensors again, changed, perhaps in its own place. */
	public static Path tensors(final Path from, final Path to, final Consumer<Map<String, Tensor>> change) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		try (Scope scope = Scope.open(); WeightsFile file = WeightsFile.open(from, WeightAccess.COPIED)) {
			file.names().forEach(name -> tensors.put(name, file.get(name)));
			change.accept(tensors);
			final Path written = to.resolveSibling("written.safetensors");
			SafetensorsWriter.write(written, tensors, file instanceof SafetensorsFile safe ? safe.metadata() : Map.of());
			return Files.move(written, to, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
