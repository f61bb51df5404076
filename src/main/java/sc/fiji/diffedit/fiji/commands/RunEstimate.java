package sc.fiji.diffedit.fiji.commands;

import java.util.Map;
import java.util.function.Function;

import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.text.CaptionRequest;

/**
 * What a run with the form's present answers takes of memory.
 *
 * @param ofModel of the form's model
 * @param ofRefiner of a refiner, or of a model that fills the mask, where the form's options name one
 */
record RunEstimate(Function<ExpectedMemory, MemoryEstimate> ofModel, Function<ExpectedMemory, MemoryEstimate> ofRefiner) {

	/** Of a command that no refiner takes part in. */
	static RunEstimate of(final Function<ExpectedMemory, MemoryEstimate> ofModel) {
		return new RunEstimate(ofModel, refiner -> new MemoryEstimate(0, Map.of()));
	}

	/** Of several runs, one after another. */
	RunEstimate times(final int count) {
		return new RunEstimate(model -> ofModel.apply(model).times(count), refiner -> ofRefiner.apply(refiner).times(count));
	}

	/** All together, with the captioner and the prompt generator that the options name. */
	MemoryEstimate total(final DiffusionModelService models, final DiffusionModelInputs form, final ExpectedMemory model) {
		final Options options = form.options();
		MemoryEstimate all = ofModel.apply(model);
		if (options.has(Option.REFINER)) {
			final LoadOptions refiner = form.modelOptions().refiner(form.load());
			all = all.and(ofRefiner.apply(models.expected(refiner)));
		}
		if (options.has(Option.INPAINT_MODEL)) all = all.and(ofRefiner.apply(models.expected(form.modelOptions().inpaintModel(form.load()))));
		if (options.has(Option.CAPTIONER)) all = all.and(models.expected(PromptSource.captioner(options), CaptionRequest.DEFAULTS));
		if (options.has(Option.GENERATOR)) {
			all = all.and(models.expected(PromptSource.generator(options), PromptSource.suggestions(options, "something")));
		}
		return all;
	}
}
