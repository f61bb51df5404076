package net.imagej.legacy;

import java.util.List;
import java.util.stream.StreamSupport;

import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;
import org.scijava.service.Service;

/** Notes which inputs a form would ask for, and cancels as a user would. */
public class FormLook extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		final List<String> open = StreamSupport.stream(module.getInfo().inputs().spliterator(), false)
			.filter(input -> input.getType() != Context.class && !Service.class.isAssignableFrom(input.getType()))
			.filter(input -> input.getVisibility() != ItemVisibility.INVISIBLE)
			.map(ModuleItem::getName).filter(name -> !module.isInputResolved(name)).toList();
		if (open.isEmpty()) return;
		ImitatedFiji.FORMS.add(open);
		cancel(null);
	}
}
