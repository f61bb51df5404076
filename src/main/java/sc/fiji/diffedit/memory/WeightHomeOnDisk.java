package sc.fiji.diffedit.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.MemoryWeights;
import sc.fiji.diffedit.weights.SafetensorsFile;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/**
 * Weights that rest in temporary files, one for each block, as they are when the block is first called: adapters are in
 * them, and they have the type to compute in, so that they are mapped again and not cast again. A block whose weights
 * change is written again. The files are deleted with the model.
 */
final class WeightHomeOnDisk implements WeightHome {

	private final StoredWeights weights;
	private final Map<Block, SafetensorsFile> files = new IdentityHashMap<>();
	private Path folder;
	private int written;

	WeightHomeOnDisk(final StoredWeights weights) {
		this.weights = weights;
	}

	@Override
	public Map<String, Tensor> tensors(final Block block) {
		final SafetensorsFile file = files.computeIfAbsent(block, this::write);
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		for (final String name : file.names()) tensors.put(name, file.get(name));
		return tensors;
	}

	private SafetensorsFile write(final Block block) {
		try (Scope scope = Scope.open()) {
			if (folder == null) folder = goingAtExit(Files.createTempDirectory("diffedit-offload-" + ProcessHandle.current().pid() + "-"));
			final Path file = goingAtExit(folder.resolve(written++ + ".safetensors"));
			final Map<String, Tensor> tensors = weights.of(block);
			SafetensorsWriter.replace(file, new MemoryWeights(file.getFileName().toString(), tensors), tensors.keySet(), null, Map.of());
			return SafetensorsFile.open(file);
		}
		catch (final IOException e) {
			throw new DiffEditException("Weights cannot be offloaded to " + System.getProperty("java.io.tmpdir") + " (" + WholeFile.reason(e)
				+ "); make room there, choose another folder with -Djava.io.tmpdir=FOLDER or offload without +disk.", e);
		}
	}

	/** Java may end before models are closed. */
	private static Path goingAtExit(final Path path) {
		path.toFile().deleteOnExit();
		return path;
	}

	@Override
	public void changed(final Block block) {
		final SafetensorsFile file = files.remove(block);
		if (file == null) return;
		file.close();
		delete(file.path());
	}

	@Override
	public void close() {
		files.values().forEach(file -> {
			file.close();
			delete(file.path());
		});
		files.clear();
		delete(folder);
		folder = null;
	}

	/** On Windows a file stays as long as it is mapped. */
	private static void delete(final Path path) {
		try {
			if (path != null) Files.deleteIfExists(path);
		}
		catch (final IOException e) {
			// deleted when Java exits
		}
	}
}
