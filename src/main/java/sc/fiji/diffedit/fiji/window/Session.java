package sc.fiji.diffedit.fiji.window;

import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.inputs.FormInfo;

/**
 * What one DiffEdit window works on, without the window: the image that it follows, the answers to the questions of {@code Generate
 * Mask...}, the mask of each image it has seen, and the run that is going on. All methods are for the event thread. Images are
 * held weakly: one that was closed takes its state with it.
 */
public final class Session {

	/** What a window does without: it works on the plane that is shown, and shows masks in its own way. */
	static final List<String> LEFT_OUT = List.of("image", "planes", "stackFolder", "show", "labels", "corners", "heatMap");

	private final Context context;
	private final Module answers;
	private final Job job;
	private MaskSettings settings;
	private final List<Listener> listeners = new CopyOnWriteArrayList<>();
	private final Map<ImagePlus, MaskSteps> masks = new WeakHashMap<>();
	private final SessionHistory history;
	private final EditDesk edits;
	private WeakReference<ImagePlus> image = new WeakReference<>(null);
	private boolean heatShown = true, outlineShown = true;

	/** Hears of what happens, on the event thread. */
	public interface Listener {

		/** Another image is followed, or none. */
		default void imageChanged() {}

		/** The answers have become others than those that were typed, since another mask is shown. */
		default void answersChanged() {}

		/** The mask of the image that is followed has changed. */
		default void maskChanged() {}

		/** A run has begun, come further or ended. */
		default void jobChanged() {}
	}

	/** A session without an image. */
	public Session(final Context context) {
		this.context = context;
		answers = ((FormInfo) context.service(CommandService.class).getCommand(GenerateMask.class)).createModule(context);
		settings = MaskSettings.of(answers);
		job = new Job(context, () -> listeners.forEach(Listener::jobChanged));
		history = new SessionHistory(this);
		edits = new EditDesk(this);
	}

	public Context context() {
		return context;
	}

	public void addListener(final Listener listener) {
		listeners.add(listener);
	}

	/** What was made so far. */
	SessionHistory history() {
		return history;
	}

	/** The edits of the images. */
	EditDesk edits() {
		return edits;
	}

	/** The run in the background. */
	public Job job() {
		return job;
	}

	// -- what is asked --

	/** A module of {@code Generate Mask...} that is never run: its inputs are the answers. */
	public Module answers() {
		return answers;
	}

	/**
	 * Uses the answers as they are now; called after they have been changed.
	 *
	 * @throws DiffEditException if they cannot be; the settings are then as they were
	 */
	public void answered() {
		settings = MaskSettings.of(answers);
		steps().ifPresent(steps -> {
			if (steps.now().settings().equals(settings)) return;
			steps.settle(settings);
			listeners.forEach(Listener::maskChanged);
		});
	}

	/** The answers by their inputs' names, as {@code Generate Mask...} takes them; the image is left out, and what shows a result. */
	public Map<String, Object> values() {
		final Map<String, Object> values = new LinkedHashMap<>();
		for (final ModuleItem<?> input : Inputs.of(answers)) {
			if (Inputs.recordable(input) && input.getType() != ImagePlus.class) values.put(input.getName(), answers.getInput(input.getName()));
		}
		values.keySet().removeAll(LEFT_OUT);
		values.remove("preset");                                            // the other values say it
		return values;
	}

	/** How masks are cut and shaped now. */
	public MaskSettings settings() {
		return settings;
	}

	// -- the image --

	/** The image that is followed. */
	public Optional<ImagePlus> image() {
		return Optional.ofNullable(image.get());
	}

	/** @throws DiffEditException if no image is followed */
	ImagePlus requireImage() {
		return image().orElseThrow(() -> new DiffEditException("There is no image open; open one first."));
	}

	/** Follows another image; null for none. */
	public void follow(final ImagePlus newImage) {
		if (newImage == image.get()) return;
		image = new WeakReference<>(newImage);
		answers.setInput("image", null);
		steps().map(MaskSteps::now).ifPresent(this::take);
		listeners.forEach(Listener::imageChanged);
		listeners.forEach(Listener::maskChanged);
	}

	/** Forgets an image that has been closed. */
	public void forget(final ImagePlus closed) {
		masks.remove(closed);
		edits.forget(closed);
		if (closed == image.get()) follow(null);
	}

	private Optional<MaskSteps> steps() {
		return image().map(this::steps);
	}

	/** The steps of an image; they begin anew when it has got another size. */
	private MaskSteps steps(final ImagePlus of) {
		final MaskSteps known = masks.get(of);
		if (known != null && known.now().fits(of)) return known;
		final MaskSteps fresh = new MaskSteps(MaskState.of(of, settings));
		masks.put(of, fresh);
		return fresh;
	}

	/** Makes the answers those of a mask. */
	private void take(final MaskState state) {
		state.answers().forEach(answers::setInput);
		settings = state.settings();
		settings.values().forEach(answers::setInput);
		listeners.forEach(Listener::answersChanged);
	}

	// -- the mask --

	/** The mask of the image and what made it; empty if there is no image. */
	public Optional<MaskState> state() {
		return steps().map(MaskSteps::now);
	}

	/** Which plane the mask is of, as a sentence, if the image shows another one; empty otherwise. */
	public Optional<String> otherPlane() {
		final ImagePlus of = image.get();
		final MaskState now = state().filter(state -> !state.isBlank()).orElse(null);
		if (of == null || now == null) return Optional.empty();
		final Position shown = Position.of(of), mask = now.position();
		if (shown.isOnPlaneOf(mask)) return Optional.empty();
		return Optional.of("The mask is of slice " + mask.slice() + ", frame " + mask.frame() + ", and the image shows slice " + shown.slice() + ", frame " + shown.frame()
			+ "; go back there, or press Find mask.");
	}

	/** @throws DiffEditException if the image shows another plane than the mask's */
	void requirePlane() {
		otherPlane().ifPresent(sentence -> {
			throw new DiffEditException(sentence);
		});
	}

	/** Looks for the mask in the background. */
	public void findMask() {
		final ImagePlus of = requireImage();
		final Map<String, Object> asked = values();
		final Map<String, Object> inputs = new LinkedHashMap<>(asked);
		inputs.putAll(Map.of("image", of, "show", "Nothing", "labels", false, "heatMap", false));
		job.run(GenerateMask.class, inputs, module -> found(of, module, asked));
	}

	private void found(final ImagePlus of, final Module module, final Map<String, Object> asked) {
		final MaskState found = MaskState.of((LocatedMap) module.getOutput("map"), (Provenance) module.getOutput("provenance"), asked, settings(), steps(of).now());
		final List<?> notices = (List<?>) module.getOutput("notices");
		if (!notices.isEmpty()) job.say(notices.get(notices.size() - 1).toString(), false);
		else if (found.isCorrected()) job.say("What you have added and removed by hand is still there; Clear takes it away.", false);
		if (found.fits(of)) change(of, found);
	}

	/** Whether the heat map is drawn on the image. */
	public boolean isHeatShown() {
		return heatShown;
	}

	/** Whether the outline of the mask is drawn on the image. */
	public boolean isOutlineShown() {
		return outlineShown;
	}

	/** What is drawn on the image; another part of the window may need it bare. */
	public void show(final boolean heat, final boolean outline) {
		if (heat == heatShown && outline == outlineShown) return;
		heatShown = heat;
		outlineShown = outline;
		listeners.forEach(Listener::maskChanged);
	}

	/**
	 * Adds the image's selection to the mask, or removes it from there.
	 *
	 * @throws DiffEditException if there is no selection of an area, or the mask is of another plane
	 */
	public void correct(final boolean isAdded) {
		final ImagePlus of = requireImage();
		final Roi selection = of.getRoi();
		if (selection == null) throw new DiffEditException("\"" + of.getTitle() + "\" has no selection; draw an area on it first.");
		requirePlane();
		change(of, steps(of).now().with(selection, isAdded, Position.of(of)));
		of.deleteRoi();                                                     // the next one shall not contain it
	}

	/** Takes all corrections away, which is one step. */
	public void clearCorrections() {
		state().filter(MaskState::isCorrected).ifPresent(now -> change(requireImage(), now.withoutCorrections()));
	}

	/** Takes the last step back: a correction, or a mask that was found. */
	public void undo() {
		steps().filter(MaskSteps::undo).ifPresent(steps -> changed());
	}

	/** Takes it again. */
	public void redo() {
		steps().filter(MaskSteps::redo).ifPresent(steps -> changed());
	}

	public boolean canUndo() {
		return steps().map(MaskSteps::canUndo).orElse(false);
	}

	public boolean canRedo() {
		return steps().map(MaskSteps::canRedo).orElse(false);
	}

	/** Makes a mask that was there before the present one of the image again, with all that made it. */
	public void returnTo(final MaskState state) {
		image().filter(state::fits).ifPresent(of -> {
			take(state);
			change(of, state);
		});
	}

	private void change(final ImagePlus of, final MaskState state) {
		steps(of).add(state);
		if (of == image.get()) changed();
	}

	private void changed() {
		steps().ifPresent(steps -> steps.settle(settings));
		listeners.forEach(Listener::maskChanged);
	}
}
