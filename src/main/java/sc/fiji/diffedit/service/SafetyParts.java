package sc.fiji.diffedit.service;

import java.util.Optional;

import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.StableDiffusionSafetyChecker;
import sc.fiji.diffedit.weights.ModelFolder;

/** Creates the safety checker of a model, if it has one and it is requested. */
final class SafetyParts {

	static final String COMPONENT = "safety_checker";

	private static final String PROCESSOR = "feature_extractor";

	private SafetyParts() {}

	static boolean isWanted(final OpenModel model) {
		return model.folder().has(COMPONENT) && model.options().safetyChecker() && model.folder().has(PROCESSOR);
	}

	/** A sentence if a safety checker is requested and the model names one, but has not all of it: nobody shall take results for checked that are not. */
	static Optional<String> lack(final OpenModel model) {
		final ModelFolder folder = model.folder();
		if (!model.options().safetyChecker() || !folder.parts().contains(COMPONENT) || isWanted(model)) return Optional.empty();
		return Optional.of(folder.root().getFileName() + " names a safety checker in " + ModelFolder.INDEX + " but has no " + (folder.has(COMPONENT) ? PROCESSOR : COMPONENT)
			+ ", so that results are not checked; copy or download the model again, or switch the safety checker off.");
	}

	static Optional<SafetyFilter> of(final OpenModel model) {
		if (!isWanted(model)) return Optional.empty();
		final StableDiffusionSafetyChecker checker = model.keep(model.read(COMPONENT, model.memory().place(COMPONENT,
			new StableDiffusionSafetyChecker(model.config(COMPONENT), model.folder().weights(COMPONENT), model.options().dtype()))));
		return Optional.of(new SafetyFilter(checker, CLIPImageProcessor.of(model.config(PROCESSOR))));
	}
}
