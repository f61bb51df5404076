package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.PlaneRange;
import sc.fiji.diffedit.fiji.Position;

/**
 * A command's work on the planes of its image, one after another. When a plane cannot be finished, the results of those before it
 * are kept, and a notice says so; only the first plane's failure is the command's.
 */
final class PlaneLoop {

	private static final int NAMED = 3;

	private final StoppableCommand command;
	private final ImageInputs image;
	private final CommandProgress progress;
	private final Map<String, List<Position>> notices = new LinkedHashMap<>();

	PlaneLoop(final StoppableCommand command, final ImageInputs image, final CommandProgress progress) {
		this.command = command;
		this.image = image;
		this.progress = progress;
	}

	/** Does the work on each plane, which {@link ImageInputs#place} tells. */
	void run(final Runnable work) {
		final PlaneRange range = image.range();
		int done = 0;
		try {
			for (; done < range.count(); done++) {
				progress.plane(done, range.count(), range.name(range.planes().get(done)));
				image.take(done);
				work.run();
				if (range.count() > 1) command.noticeChanges();
			}
		}
		catch (final CancelledException e) {
			keep(done, "the run was cancelled", e);
		}
		catch (final DiffEditException e) {
			keep(done, e.getMessage().replaceFirst("\\.$", ""), e);
		}
		catch (final OutOfMemoryError e) {
			keep(done, "there is not enough memory for more", e);
		}
		finally {
			tellNotices(range);
		}
	}

	private <E extends Throwable> void keep(final int done, final String reason, final E failure) throws E {
		if (done == 0) throw failure;
		final PlaneRange range = image.range();
		command.addIncomplete("Only " + done + " of " + range.count() + (done == 1 ? " planes is" : " planes are") + " done, up to " + range.name(range.planes().get(done - 1)) + ": " + reason + ".");
	}

	/** A notice about the present plane. */
	void notice(final String sentence) {
		final List<Position> planes = notices.computeIfAbsent(sentence, key -> new ArrayList<>());
		final Position here = image.place().snapshot().position();
		if (!planes.contains(here)) planes.add(here);
	}

	/** Each sentence once, with the planes that it is about. */
	private void tellNotices(final PlaneRange range) {
		notices.forEach((sentence, planes) -> command.addNotice(range.count() == 1 ? sentence : "In " + named(range, planes) + ": " + sentence));
	}

	private static String named(final PlaneRange range, final List<Position> planes) {
		final String some = planes.stream().limit(NAMED).map(range::name).collect(Collectors.joining("; "));
		return planes.size() <= NAMED ? some : some + " and " + Counted.of(planes.size() - NAMED, "more plane");
	}
}
