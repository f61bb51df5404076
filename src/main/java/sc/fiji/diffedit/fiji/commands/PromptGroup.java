package sc.fiji.diffedit.fiji.commands;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;

import org.scijava.plugin.Parameter;
import org.scijava.util.ClassUtils;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Inputs that are texts for the model. */
abstract class PromptGroup extends InputGroup {

	/** What a text encoder reads, by the names of the inputs; null and blank texts count as left out. */
	Map<String, String> texts() {
		final Map<String, String> texts = new LinkedHashMap<>();
		for (final Field field : ClassUtils.getAnnotatedFields(getClass(), Parameter.class)) {
			if (isNeeded(field.getName())) texts.put(field.getName(), (String) ClassUtils.getValue(field, this));
		}
		return texts;
	}

	@Override
	protected final boolean isFreeText() {
		return true;
	}
}
