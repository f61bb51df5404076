package sc.fiji.diffedit.fiji.repeat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;

import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.form.Values;
import sc.fiji.diffedit.tensor.Mask;

/** Calls a command once more with the inputs of a recipe, on an image that is given. */
final class Repetition {

	private static final String OBJECTS = "objects", SEGMENTATION = "segmentation", IMAGE = "image", MASK_FROM = "maskFrom", MASK_IMAGE = "Mask image", WORK_ON = "workOn", SELECTION = "Selection", INVERSION_FROM = "inversionFrom",
			MADE_NOW = "Made now";

	private final Context context;
	private final Recipe recipe;
	private final WorkedOn image;
	private final Map<String, String> instead;
	private final Optional<ImagePlus> objects;

	/**
	 * @param image what it is done on, for commands that take one
	 * @param instead values of inputs that take the place of those in the info
	 * @param objects a label image with the objects to choose among, if it is not the open one with the title in the info, and for outlines
	 */
	Repetition(final Context context, final Recipe recipe, final WorkedOn image, final Map<String, String> instead, final Optional<ImagePlus> objects) {
		this.context = context;
		this.recipe = recipe;
		this.image = image;
		this.instead = instead;
		this.objects = objects;
	}

	/**
	 * The command's new images.
	 *
	 * @throws DiffEditException if it cannot be repeated here, or was cancelled ({@link sc.fiji.diffedit.CancelledException})
	 */
	List<ImagePlus> run() {
		final Module module = context.service(ModuleService.class).createModule(recipe.command(context.service(CommandService.class)));
		takeTexts(module);
		if (module.getInfo().getInput(IMAGE) == null) return images(ran(module));
		module.setInput(IMAGE, image.image());
		if (has(module, MASK_FROM)) takeMask(module);
		if (objects.isPresent()) takeObjects(module);
		else if (has(module, SEGMENTATION)) recipe.value(SEGMENTATION).ifPresent(title -> module.setInput(SEGMENTATION, objects(title)));
		if (has(module, INVERSION_FROM) && !recipe.says(INVERSION_FROM, MADE_NOW)) takeInversion(module);
		final Optional<Mask> corrected = image.correctedMask();
		try (WorkedOn.Shown shown = image.show(has(module, WORK_ON) && recipe.says(WORK_ON, SELECTION))) {
			final List<ImagePlus> all = new ArrayList<>();
			corrected.map(this::labels).ifPresent(all::add);
			all.addAll(images(ran(module)));
			return all;
		}
	}

	/** A mask that was corrected by hand is one more image, before those of the command: no program finds it again. */
	private ImagePlus labels(final Mask corrected) {
		final ImagePlus labels = LabelImages.toImagePlus(corrected, false, image.image());
		labels.setTitle(Titles.of(image.image(), "corrected mask"));
		recipe.made().describe(labels);
		return labels;
	}

	private static boolean has(final Module module, final String input) {
		return module.getInfo().getInput(input) != null;
	}

	private void takeTexts(final Module module) {
		final Values values = new Values(context.service(ConvertService.class));
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (input.getType() == ImagePlus.class || !Inputs.recordable(input)) continue;
			final String text = instead.containsKey(input.getName()) ? instead.get(input.getName()) : recipe.value(input.getName()).orElse(null);
			if (text != null) module.setInput(input.getName(), values.of(input, text));
		}
	}

	/** A mask image that was chosen counts with its grey levels, labels and planes; a selection that was drawn is given as one, which says the same pixel by pixel. */
	private void takeMask(final Module module) {
		module.setInput("drawnMask", image.drawn().orElseGet(() -> new ImagePlus("mask of " + recipe.title(), Masks.toBytes(image.mask()))));
		module.setInput(MASK_FROM, MASK_IMAGE);
	}

	/** Outlines that were drawn are given as a label image, which says the same pixel by pixel. */
	private void takeObjects(final Module module) {
		if (!has(module, OBJECTS) || recipe.value(OBJECTS).isEmpty() || recipe.says(OBJECTS, "None")) {
			throw new DiffEditException("\"" + recipe.title() + "\" was made without objects to choose among; leave them out.");
		}
		module.setInput(OBJECTS, "Label image");
		module.setInput(SEGMENTATION, objects.orElseThrow());
	}

	/** Labels are not written into infos: they may be as large as the image. */
	private ImagePlus objects(final String title) {
		final ImagePlus labels = WindowManager.getImage(title);
		if (labels == null) throw new DiffEditException("\"" + recipe.title() + "\" was made with the objects of the label image \"" + title + "\", which is not open; open it first, or give another one.");
		return labels;
	}

	private void takeInversion(final Module module) {
		final Recipe before = recipe.inversion().orElseThrow(() -> new DiffEditException("\"" + recipe.title()
			+ "\" began with an inversion of which its info tells nothing; invert the image again and edit it with the values in the info."));
		if (before.inversion().isPresent()) throw new DiffEditException("The inversion in the info of \"" + recipe.title() + "\" is damaged; use a JSON file that DiffEdit has saved.");
		module.setInput("inverted", new Repetition(context, before, image.of(before), instead, Optional.empty()).run().get(0));
	}

	private static Module ran(final Module module) {
		module.run();
		if (module.getDelegateObject() instanceof Cancelable command && command.isCanceled()) throw new Stopped(command.getCancelReason());
		return module;
	}

	private static List<ImagePlus> images(final Module module) {
		final List<ImagePlus> images = new ArrayList<>();
		module.getInfo().outputs().forEach(output -> {
			if (module.getOutput(output.getName()) instanceof ImagePlus made) images.add(made);
		});
		return images;
	}

	/** The repeated command has ended without a result. */
	static final class Stopped extends DiffEditException {

		private static final long serialVersionUID = 1L;

		/** @param reason as the command gives it; empty if the user has stopped it */
		Stopped(final String reason) {
			super(reason == null ? "" : reason);
		}
	}
}
