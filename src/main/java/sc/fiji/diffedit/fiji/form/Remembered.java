package sc.fiji.diffedit.fiji.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.options.OptionsPlugin;
import org.scijava.prefs.PrefService;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

/**
 * What was typed the last time, in SciJava's preferences. The first page comes back per command; descriptions, model and memory
 * preset are the same in all forms of diffusion models. Seeds, planes, what stands behind {@code More settings}, and what
 * starts something that costs do not come back.
 */
public final class Remembered {

	private static final Set<String> SHARED = Set.of("source", "target", "prompt", "negative", "model", "memory");
	private static final Set<String> NEVER = Set.of("seed", "planes", "download", "clear", "unload", "action", "idleMinutes", "folders", "cache", PresetValues.INPUT);
	private static final String MODELS = "models";
	private static final int MOST_MODELS = 6, LONGEST = 8000;

	private final PrefService prefs;
	private final Values values;
	private final Module module;
	private final Set<String> firstPage;

	public Remembered(final PrefService prefs, final Values values, final Module module) {
		this.prefs = prefs;
		this.values = values;
		this.module = module;
		firstPage = Plan.of(module).onFirstPage();
	}

	/** What an input was the last time; empty when it never was, or does not come back. */
	Optional<Object> of(final ModuleItem<?> input) {
		if (!comesBack(input)) return Optional.empty();
		final String text = prefs.get(owner(input), input.getName());
		if (text == null) return Optional.empty();
		try {
			return Optional.ofNullable(values.of(input, text)).filter(value -> isOffered(input, value));
		}
		catch (final DiffEditException e) {
			return Optional.empty();                                       // of another version
		}
	}

	private static boolean isOffered(final ModuleItem<?> input, final Object value) {
		final List<String> choices = ChoiceField.choices(input);
		return choices.isEmpty() || choices.containsAll(TicksField.ticked(value));
	}

	/** Keeps the answers for the next time. */
	void keep() {
		keep(input -> true);
	}

	/** Keeps only what all forms share. */
	public void keepShared() {
		keep(input -> isShared(input.getName()));
	}

	private void keep(final Predicate<ModuleItem<?>> kept) {
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (comesBack(input) && kept.test(input)) keep(input);
		}
		if (isShared("model") || firstPage.contains("model")) keepModel(Objects.toString(module.getInput("model"), ""));
	}

	/** A default is not kept: where a later version has another one, that is meant. */
	private void keep(final ModuleItem<?> input) {
		final String text = Objects.toString(module.getInput(input.getName()), "");
		if (text.equals(Objects.toString(input.getDefaultValue(), ""))) prefs.remove(owner(input), input.getName());
		else put(owner(input), input.getName(), text);
	}

	private void keepModel(final String model) {
		if (model.isBlank()) return;
		final List<String> models = new ArrayList<>(models());
		models.remove(model);
		models.add(0, model);
		put(modelsOwner(), MODELS, String.join("\n", models.subList(0, Math.min(models.size(), MOST_MODELS))));
	}

	/** All forms of diffusion models have one list. */
	private Class<?> modelsOwner() {
		return isShared("model") ? Form.class : module.getDelegateObject().getClass();
	}

	/** Models that were used lately, the last one first. */
	public List<String> models() {
		return prefs.get(modelsOwner(), MODELS, "").lines().filter(model -> !model.isBlank()).toList();
	}

	private boolean comesBack(final ModuleItem<?> input) {
		final String name = input.getName();
		if (module instanceof OptionsPlugin || input.getType() == ImagePlus.class || !Inputs.recordable(input) || NEVER.contains(name)) return false;
		return firstPage.contains(name) || isShared(name);
	}

	/** Forms of diffusion models are those with a memory preset. */
	private boolean isShared(final String name) {
		return SHARED.contains(name) && module.getInfo().getInput("memory") != null && module.getInfo().getInput(name) != null;
	}

	private Class<?> owner(final ModuleItem<?> input) {
		return isShared(input.getName()) ? Form.class : module.getDelegateObject().getClass();
	}

	/** Java's preferences take no longer texts. */
	private void put(final Class<?> owner, final String name, final String text) {
		if (text.length() <= LONGEST) prefs.put(owner, name, text);
	}
}
