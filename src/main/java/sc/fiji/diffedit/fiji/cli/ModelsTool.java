package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;

import sc.fiji.diffedit.hub.ModelPlaces;

/** Lists the models that are found by name. */
@Command(name = "models", description = "Lists the models, LoRAs, textual inversions and autoencoders that are found by name, in the folders that Model Folders... sets and in the cache for downloads.")
final class ModelsTool extends Tool {

	ModelsTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final ModelPlaces places = ModelPlaces.ofSettings();
		final Map<String, List<String>> found = new LinkedHashMap<>();
		found.put("folder", texts(places.folders()));
		found.put("cache", List.of(places.sharedCache().toString()));
		found.put("model", texts(places.models()));
		found.put("LoRA", texts(places.loras()));
		found.put("textual inversion", texts(places.textualInversions()));
		found.put("autoencoder", texts(places.autoencoders()));
		final List<String> lines = new ArrayList<>();
		found.forEach((kind, paths) -> paths.forEach(path -> lines.add(kind + "\t" + path)));
		common().result(found, lines);
		return ExitCode.DONE;
	}

	private static List<String> texts(final List<Path> paths) {
		return paths.stream().map(Path::toString).toList();
	}
}
