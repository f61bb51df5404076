package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Latents in safetensors files, under the name that pipelines of diffusers have for them: {@code latents}. */
public final class LatentsFile {

	private static final String NAME = "latents";
	private static final long MAX_ELEMENTS = 1L << 28;

	private LatentsFile() {}

	/** Writes latents of shape (images, channels, height, width). A file that exists is replaced. */
	public static void write(final Path file, final Latents latents) {
		try (Scope scope = Scope.open()) {
			SafetensorsWriter.write(file, Map.of(NAME, latents.toTensor()), Map.of());
		}
	}

	/** @throws DiffEditException if the file is damaged or holds no latents */
	public static Latents read(final Path file) {
		try (SafetensorsFile tensors = SafetensorsFile.open(file); Scope scope = Scope.open()) {
			if (!tensors.has(NAME)) throw new DiffEditException(tensors.source() + " has no tensor '" + NAME + "'; choose a file of latents.");
			final long[] shape = tensors.shape(NAME);
			final long count = Arrays.stream(shape).reduce(1, (a, b) -> a > MAX_ELEMENTS ? a : a * b);
			if (shape.length != 4 || count < 1 || count > MAX_ELEMENTS || !tensors.dtype(NAME).isFloatingPoint()) {
				throw new DiffEditException(tensors.source() + " has latents of shape " + Arrays.toString(shape) + "; needed are numbers with 4 axes.");
			}
			final Tensor values = tensors.get(NAME);
			if (!values.isFinite()) throw new DiffEditException(tensors.source() + " has NaN or infinite numbers; choose another file.");
			return Latents.of(values);
		}
	}
}
