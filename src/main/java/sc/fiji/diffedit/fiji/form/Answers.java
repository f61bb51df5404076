package sc.fiji.diffedit.fiji.form;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import org.scijava.module.MethodCallException;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.Conditions;

/** The fields of a form and the module that gets their answers, letter by letter, so that its callbacks see them. */
public final class Answers {

	private final Module module;
	private final Map<String, Field> fields = new LinkedHashMap<>();

	public Answers(final Module module, final Collection<Field> fields) {
		this.module = module;
		for (final Field field : fields) this.fields.put(field.name(), field);
		presets().forEach(field -> field.attach(this));
	}

	private Stream<PresetField> presets() {
		return fields.values().stream().filter(PresetField.class::isInstance).map(PresetField.class::cast);
	}

	Module module() {
		return module;
	}

	/** The field of an input. */
	public Field field(final String name) {
		return fields.get(name);
	}

	Collection<Field> fields() {
		return fields.values();
	}

	/** Begins with what was typed the last time, elsewhere with the defaults. */
	public void begin(final Remembered remembered) {
		for (final Field field : fields.values()) {
			final Object now = module.getInput(field.name());
			final boolean given = module.isInputResolved(field.name());
			field.show(given ? now : field.input().getType() == ImagePlus.class ? null : remembered.of(field.input()).orElse(now));
		}
	}

	/** Shows what the module has. */
	public void showAgain() {
		fields.values().forEach(field -> field.show(module.getInput(field.name())));
	}

	/** Puts all settings back; images and descriptions, which are no settings, stay. */
	void toDefaults() {
		for (final Field field : fields.values()) {
			final boolean isSetting = field.input().getType() != ImagePlus.class && !(field instanceof DescriptionField);
			if (isSetting) field.show(field.defaultValue());
		}
	}

	/** Gives the module what stands in the fields now, and marks them; what is wrong first, if anything is. */
	public Optional<Trouble> take() {
		final Map<String, Trouble> wrong = new LinkedHashMap<>();
		final List<ModuleItem<?>> changed = new ArrayList<>();
		for (final Field field : fields.values()) take(field, changed, wrong);
		changed.forEach(this::call);
		for (final Field field : fields.values()) {
			if (!Conditions.isNeeded(module, field.input())) wrong.remove(field.name());
			else Needs.missing(module, field.input()).ifPresent(trouble -> wrong.putIfAbsent(field.name(), trouble));
		}
		for (final Field field : fields.values()) {
			field.mark(field.isChanged(), Optional.ofNullable(wrong.get(field.name())), Conditions.isNeeded(module, field.input()));
		}
		presets().forEach(PresetField::follow);
		return fields.keySet().stream().filter(wrong::containsKey).map(wrong::get).findFirst();
	}

	private void take(final Field field, final List<ModuleItem<?>> changed, final Map<String, Trouble> wrong) {
		try {
			final Object value = field.value();
			if (Objects.equals(module.getInput(field.name()), value)) return;
			module.setInput(field.name(), value);
			changed.add(field.input());
		}
		catch (final DiffEditException e) {
			wrong.put(field.name(), Trouble.wrong(field.name(), e.getMessage()));
		}
	}

	/** Tells the command of an answer that has changed, as SciJava's own forms do. */
	void call(final ModuleItem<?> input) {
		try {
			input.callback(module);
		}
		catch (final MethodCallException e) {
			IJ.handleException(e);
		}
	}

	/** Marks the one field with which a run may go wrong; empty for none. */
	void warn(final Optional<Trouble> warning) {
		fields.values().forEach(field -> field.warn(warning.filter(trouble -> trouble.name().equals(field.name()))));
	}

	/** Marks a field whose answer the program cannot use, although its input takes it. */
	public void refuse(final Trouble trouble) {
		final Field field = fields.get(trouble.name());
		field.mark(field.isChanged(), Optional.of(trouble), true);
	}

	/** Marks all inputs as resolved, so that no other form opens. */
	void resolve() {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (Fields.canAsk(input)) module.resolveInput(input.getName());
		}
	}
}
