package sc.fiji.diffedit.service;

import java.util.Optional;

import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.StableDiffusionSafetyChecker;

/** Creates the safety checker of a model, if it has one and it is requested. */
final class SafetyParts {

	static final String COMPONENT = "safety_checker";

	private SafetyParts() {}

	static boolean isWanted(final OpenModel model) {
		return model.folder().has(COMPONENT) && model.options().safetyChecker() && model.folder().has("feature_extractor");
	}

	static Optional<SafetyFilter> of(final OpenModel model) {
		if (!isWanted(model)) return Optional.empty();
		final StableDiffusionSafetyChecker checker = model.keep(model.read(COMPONENT, model.memory().place(COMPONENT,
			new StableDiffusionSafetyChecker(model.config(COMPONENT), model.folder().weights(COMPONENT), model.options().dtype()))));
		return Optional.of(new SafetyFilter(checker, CLIPImageProcessor.of(model.config("feature_extractor"))));
	}
}
