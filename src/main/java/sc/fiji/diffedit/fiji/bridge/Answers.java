package sc.fiji.diffedit.fiji.bridge;

import java.util.List;
import java.util.Map;

import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.DiffEditException;

/** Where a command's inputs come from: the macro's options, or the user. Both give the active image to a lone image input. */
abstract class Answers {

	final Values values;

	Answers(final Context context) {
		values = new Values(context.service(ConvertService.class));
	}

	/**
	 * @param options the macro's options, {@code null} when there are none
	 * @param askable whether a dialog may be shown
	 */
	static Answers from(final Context context, final String options, final boolean askable) {
		return askable ? new FromUser(context) : new FromMacro(context, options == null ? "" : options);
	}

	/** Before the command's own initializers: what is known without asking. */
	void first(final Module module) {
		resolveActiveImage(module);
	}

	/** After them: what has to be asked. False if the user does not want to go on. */
	boolean then(final Module module) {
		return true;
	}

	/** Whether values of the last dialog stand in the form; a macro means the same today and tomorrow. */
	boolean remembers() {
		return false;
	}

	private static void resolveActiveImage(final Module module) {
		final List<ModuleItem<?>> images = imagesToFill(module);
		if (images.size() != 1) return;
		final ModuleItem<?> input = images.get(0);
		final ImagePlus active = WindowManager.getCurrentImage();
		if (active == null && input.isRequired()) {
			throw new DiffEditException("There is no image open; open one and start '" + Labels.of(module.getInfo()) + "' again.");
		}
		module.setInput(input.getName(), active);
		module.resolveInput(input.getName());
	}

	private static List<ModuleItem<?>> imagesToFill(final Module module) {
		return Inputs.of(module).stream()
			.filter(input -> input.getType() == ImagePlus.class && input.isAutoFill() && !module.isInputResolved(input.getName()))
			.toList();
	}

	private static final class FromMacro extends Answers {

		private final String options;

		FromMacro(final Context context, final String options) {
			super(context);
			this.options = options;
		}

		@Override
		void first(final Module module) {
			final Map<String, String> texts = MacroOptions.parse(options);
			for (final ModuleItem<?> input : Inputs.of(module)) {
				final String text = texts.remove(Inputs.key(input));
				if (text == null || module.isInputResolved(input.getName())) continue;
				module.setInput(input.getName(), values.of(input, text));
				module.resolveInput(input.getName());
			}
			if (!texts.isEmpty()) throw unknown(module, texts.keySet().iterator().next());
			super.first(module);
			fillFurtherImages(module);
		}

		/** Of several images the first that must be there is the active one, unless the macro has named it. */
		private static void fillFurtherImages(final Module module) {
			final List<ModuleItem<?>> missing = imagesToFill(module).stream().filter(ModuleItem::isRequired).toList();
			final ImagePlus active = WindowManager.getCurrentImage();
			if (!missing.isEmpty() && active != null) module.setInput(missing.get(0).getName(), active);
		}

		private static DiffEditException unknown(final Module module, final String word) {
			final List<String> keys = Inputs.of(module).stream().filter(Inputs::recordable).map(Inputs::key).toList();
			return new DiffEditException("'" + word + "' is no input of '" + Labels.of(module.getInfo()) + "', which takes "
				+ String.join(", ", keys) + "; put texts with blanks in square brackets.");
		}
	}

	private static final class FromUser extends Answers {

		FromUser(final Context context) {
			super(context);
		}

		@Override
		boolean then(final Module module) {
			final List<ModuleItem<?>> open = Inputs.of(module).stream()
				.filter(input -> !module.isInputResolved(input.getName()))
				.filter(input -> input.getVisibility() != ItemVisibility.INVISIBLE && Form.canAsk(input)).toList();
			if (open.stream().allMatch(input -> input.getVisibility() == ItemVisibility.MESSAGE)) return true;
			return new Form(module, open, values).ask();
		}

		@Override
		boolean remembers() {
			return true;
		}
	}
}
