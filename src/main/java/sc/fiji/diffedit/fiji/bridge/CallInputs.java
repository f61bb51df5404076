package sc.fiji.diffedit.fiji.bridge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Nearest;
import sc.fiji.diffedit.fiji.inputs.Conditions;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.record.MacroOptions;

/** Sets the inputs of a command before a form is shown: the caller's values, its current image, and defaults. */
final class CallInputs {

	/** What is about the image; macros give it for all images alike. */
	private static final Set<String> OF_IMAGES = Set.of("planes", "stackFolder");

	private final Module module;
	private final Call call;
	private final CallValues values;
	private final List<ModuleItem<?>> inputs;

	CallInputs(final Module module, final Call call, final CallValues values) {
		this.module = module;
		this.call = call;
		this.values = values;
		inputs = Inputs.of(module);
	}

	/**
	 * Sets the inputs; if no form can be shown for the call, all of them are resolved.
	 *
	 * @throws DiffEditException if a macro's options are invalid, or a required image is missing
	 */
	void fill() {
		final boolean complete = !call.mayAsk() || inputs.stream().anyMatch(this::isGiven);
		takeOptions();
		takeActiveImage();
		if (!complete) return;
		takeFurtherImage();
		values.preset(module, module::isInputResolved);
		final List<ModuleItem<?>> given = inputs.stream().filter(this::isGiven).toList();
		Conditions.imply(module, given.stream().map(ModuleItem::getName).collect(Collectors.toSet()));
		tellUnused(given);
		inputs.forEach(input -> module.resolveInput(input.getName()));
	}

	/** A value that is not used may be a mistake; a default is as good as nothing. */
	private void tellUnused(final List<ModuleItem<?>> given) {
		if (!(module.getDelegateObject() instanceof PluginCommand command)) return;
		final List<String> unused = given.stream().filter(input -> !Conditions.isNeeded(module, input) && !OF_IMAGES.contains(input.getName())).filter(this::isMeant).map(ModuleItem::getName).toList();
		if (!unused.isEmpty()) command.tellUnused(unused);
	}

	private boolean isMeant(final ModuleItem<?> input) {
		final Object value = module.getInput(input.getName());
		return value != null && !value.equals(input.getDefaultValue()) && !value.toString().isBlank();
	}

	private boolean isGiven(final ModuleItem<?> input) {
		return module.isInputResolved(input.getName());
	}

	private void takeOptions() {
		if (call.options() == null) return;
		final Map<String, String> texts = MacroOptions.parse(call.options());
		for (final ModuleItem<?> input : inputs) {
			final String text = texts.remove(Inputs.key(input));
			if (text == null || isGiven(input)) continue;
			module.setInput(input.getName(), values.of(input, text));
			module.resolveInput(input.getName());
		}
		if (!texts.isEmpty()) throw unknown(texts.keySet().iterator().next());
	}

	private DiffEditException unknown(final String word) {
		final List<String> keys = inputs.stream().filter(Inputs::recordable).map(Inputs::key).toList();
		if (keys.isEmpty()) return new DiffEditException("'" + Labels.of(module.getInfo()) + "' has no inputs; call it without '" + word + "'.");
		return new DiffEditException("'" + word + "' is not an input of '" + Labels.of(module.getInfo()) + "'; the nearest are "
			+ Nearest.few(word, keys) + "; put texts with blanks in square brackets.");
	}

	/** A single image input is set to the caller's current image. */
	private void takeActiveImage() {
		final List<ModuleItem<?>> images = imagesToFill();
		if (images.size() != 1) return;
		final ModuleItem<?> input = images.get(0);
		final ImagePlus active = call.image();
		if (active == null && input.isRequired()) {
			throw new DiffEditException("There is no image open; open one and start '" + Labels.of(module.getInfo()) + "' again.");
		}
		module.setInput(input.getName(), active);
		module.resolveInput(input.getName());
	}

	/** With several image inputs, the first required one is set to the active image. */
	private void takeFurtherImage() {
		final ImagePlus active = call.image();
		if (active == null) return;
		imagesToFill().stream().filter(ModuleItem::isRequired).findFirst().ifPresent(input -> module.setInput(input.getName(), active));
	}

	private List<ModuleItem<?>> imagesToFill() {
		return inputs.stream().filter(input -> input.getType() == ImagePlus.class && input.isAutoFill() && !isGiven(input)).toList();
	}
}
