package net.imagej.legacy;

import java.util.List;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.process.AbstractPreprocessorPlugin;

import ij.ImagePlus;
import ij.WindowManager;

/** Gives a lone image input the image that is active for the command's own thread, which is not the macro's. */
public class ActiveImageLook extends AbstractPreprocessorPlugin {

	@Override
	public void process(final Module module) {
		final List<String> open = java.util.stream.StreamSupport.stream(module.getInfo().inputs().spliterator(), false)
			.filter(input -> input.getType() == ImagePlus.class && input.isAutoFill()).map(ModuleItem::getName)
			.filter(name -> !module.isInputResolved(name)).toList();
		if (open.size() != 1 || WindowManager.getCurrentImage() == null) return;
		module.setInput(open.get(0), WindowManager.getCurrentImage());
		module.resolveInput(open.get(0));
	}
}
