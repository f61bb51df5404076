package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.StepListener;

/**
 * A command that works on the planes of an image: on the one that is shown, or on several one after another, whose results make a
 * stack. The model is borrowed once, prompts are encoded once, and every plane sees the same noise.
 */
abstract class PlanesCommand<I extends ImageInputs> extends ModelCommand {

	/** Which image and which planes. */
	final I image;
	private final StackInputs stack;
	private final List<PlaneStack> stacks = new ArrayList<>();
	private PlaneStack results;
	private PlaneLoop loop;

	/** A command with a model input, the given further options, and inputs that say which image and which planes. */
	PlanesCommand(final KnownOptions known, final I image) {
		super(known);
		this.image = inputs(image);
		stack = inputs(new StackInputs(image::mayHaveSeveral));
	}

	/** Checks and prepares what is the same for all planes; they are known, and nothing has been computed. */
	void begin() {}

	/** The work on the plane that {@link ImageInputs#place} tells. */
	abstract void plane(BorrowedModel borrowed, StepListener listener);

	/** Makes the results of what all planes, or those before a run was cancelled, have given. */
	abstract void finish(BorrowedModel borrowed);

	@Override
	final RunEstimate estimateOfAll() {
		return estimate().times(image.count());
	}

	@Override
	final void work(final BorrowedModel borrowed, final StepListener listener) {
		loop = new PlaneLoop(this, image, progress());
		try {
			results = output();
			begin();
			loop.run(() -> plane(borrowed, listener));
			finish(borrowed);
			stacks.forEach(output -> output.outside().ifPresent(this::addNotice));
		}
		finally {
			stacks.forEach(PlaneStack::close);
		}
	}

	/** The image to which each plane adds what the command is for. */
	final PlaneStack results() {
		return results;
	}

	/** One more image to which each plane adds. */
	final PlaneStack output() {
		final PlaneStack output = stack.results(image.range());
		stacks.add(output);
		return output;
	}

	/** A notice about the present plane alone. */
	final void noticePlane(final String sentence) {
		loop.notice(sentence);
	}

	/** A notice about one of several results of the present plane. @param label what sets it apart; empty for the only one */
	final void noticePlane(final String label, final String sentence) {
		noticePlane(label.isEmpty() ? sentence : label + ": " + sentence);
	}

	/** The results as an image with a title that says what it is, and an info with how it was made and the notices so far; {@code null} if no plane has added to it. */
	final ImagePlus titled(final String what, final Provenance made) {
		return titled(results, what, made);
	}

	/** An output as an image with a title that says what it is, and an info with how it was made and the notices so far; {@code null} if no plane has added to it. */
	final ImagePlus titled(final PlaneStack output, final String what, final Provenance made) {
		return output.image(Titles.of(image.place().image(), what), image -> withNotices(made).describe(image));
	}
}
