package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.StepListener;

/**
 * A command that works on the planes of an image: on the one that is shown, or on several one after another, whose results make a
 * stack. The model is borrowed once, prompts are encoded once, and every plane sees the same noise.
 */
abstract class PlanesCommand extends ModelCommand {

	private final StackInputs stack = inputs(new StackInputs(() -> image().mayHaveSeveral()));
	private final List<PlaneStack> stacks = new ArrayList<>();
	private PlaneLoop loop;

	/** A command with a model input and the given further options. */
	PlanesCommand(final KnownOptions known) {
		super(known);
	}

	/** The inputs that say which image and which planes. */
	abstract ImageInputs image();

	/** Prepares for the results; the planes are known, and nothing has been computed. */
	abstract void begin();

	/** The work on the plane that {@link ImageInputs#place} tells. */
	abstract void plane(BorrowedModel borrowed, StepListener listener);

	/** Makes the results of what all planes, or those before a run was cancelled, have given. */
	abstract void finish(BorrowedModel borrowed);

	@Override
	final RunEstimate estimateOfAll() {
		return estimate().times(image().count());
	}

	@Override
	final void work(final BorrowedModel borrowed, final StepListener listener) {
		loop = new PlaneLoop(this, image(), progress());
		try {
			begin();
			loop.run(() -> plane(borrowed, listener));
			finish(borrowed);
		}
		finally {
			stacks.forEach(PlaneStack::close);
		}
	}

	/** An output to which each plane adds. */
	final PlaneStack output() {
		final PlaneStack output = stack.results(image().range());
		stacks.add(output);
		return output;
	}

	/** A notice about the present plane alone. */
	final void noticePlane(final String sentence) {
		loop.notice(sentence);
	}

	/** An output as an image with a title, and an info with how it was made and the notices so far; {@code null} if no plane has added to it. */
	final ImagePlus titled(final PlaneStack output, final String title, final Provenance made) {
		return output.image(title, image -> withNotices(made).describe(image));
	}
}
