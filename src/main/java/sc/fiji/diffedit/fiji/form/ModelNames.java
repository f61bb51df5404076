package sc.fiji.diffedit.fiji.form;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.hub.ModelKind;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.service.DemoModel;

/**
 * The models that a form offers, by the shortest names that commands understand.
 *
 * @param places where models are
 * @param kind which of them the form can use
 */
record ModelNames(ModelPlaces places, ModelKind kind) {

	private static final String REPOSITORY = "models--";
	private static final int NEAREST = 3;

	/** The embedded model, those used lately as long as they are there, and all that are found. */
	List<String> all(final List<String> lately) {
		final List<String> names = new ArrayList<>(kind == ModelKind.DIFFUSION ? List.of(DemoModel.NAME) : List.of());
		lately.stream().filter(name -> find(name).isPresent()).forEach(names::add);
		names.addAll(found());
		return names.stream().distinct().toList();
	}

	private List<String> found() {
		try {
			final List<Path> named = places.models();
			return kind.in(places).stream().map(model -> name(model, named)).toList();
		}
		catch (final DiffEditException e) {
			return List.of();                                              // a folder that cannot be read
		}
	}

	/** {@code org/name} in a cache, a file's or folder's name if it means this one, else the path. */
	private static String name(final Path model, final List<Path> models) {
		for (final Path part : model) {
			final String folder = part.toString();
			if (folder.startsWith(REPOSITORY)) return folder.substring(REPOSITORY.length()).replace("--", "/");
		}
		if (model.getFileName() == null) return model.toString();
		final String name = model.getFileName().toString();
		return ModelPlaces.named(models, name).filter(model::equals).isPresent() ? name : model.toString();
	}

	/** Where a model is; empty for one that is not found. */
	Optional<Path> find(final String name) {
		try {
			return Optional.of(kind == ModelKind.DIFFUSION && name.equals(DemoModel.NAME) ? DemoModel.folder() : places.find(name));
		}
		catch (final DiffEditException e) {
			return Optional.empty();
		}
	}

	/** The message about a model that is not found. */
	String unknown(final String name) {
		final List<String> nearest = Nearest.some(NEAREST, name, all(List.of()));
		final String others = nearest.isEmpty() ? "." : nearest.size() == 1 ? "; there is " + nearest.get(0) + "." : "; the nearest are " + String.join(", ", nearest) + ".";
		return "No model '" + name + "' here" + others + " Browse, or see Download Model... and Model Folders....";
	}
}
