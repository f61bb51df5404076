package sc.fiji.diffedit.fiji.inputs;

import java.lang.reflect.Field;
import java.lang.reflect.Type;

import org.scijava.command.CommandModuleItem;
import org.scijava.module.ModuleInfo;
import org.scijava.util.ClassUtils;

/**
 * An input whose field belongs to a group. SciJava's class for command inputs would look up the field's type and default value in
 * the command.
 *
 * @param <T> the field's type
 */
final class GroupInput<T> extends CommandModuleItem<T> {

	private final InputGroup group;
	private final int place;
	private final T defaultValue;

	/**
	 * @param group of an unchanged command
	 * @param place index of the group in the command
	 */
	@SuppressWarnings("unchecked")
	GroupInput(final ModuleInfo info, final Field field, final InputGroup group, final int place) {
		super(info, field);
		this.group = group;
		this.place = place;
		defaultValue = (T) ClassUtils.getValue(field, group);
	}

	/** The object that declares the field. */
	InputGroup groupOf(final PluginCommand command) {
		return command.groups().get(place);
	}

	@Override
	@SuppressWarnings("unchecked")
	public Class<T> getType() {
		return (Class<T>) getField().getType();
	}

	@Override
	public Type getGenericType() {
		return getField().getGenericType();
	}

	@Override
	public T getDefaultValue() {
		return defaultValue;
	}

	@Override
	public boolean isRequired() {
		return super.isRequired() && !group.isOptional(getName());
	}

	@Override
	public String getLabel() {
		return group.label(getName()).orElseGet(super::getLabel);
	}

	@Override
	public String getDescription() {
		return group.help(getName()).orElseGet(super::getDescription);
	}
}
