package sc.fiji.diffedit.fiji.commands;

import java.awt.Rectangle;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.Device;

/**
 * What forms say below their memory preset: how much memory a run with the present answers is expected to take at each stage,
 * and how much is free. It is worked out anew when an answer that matters has changed, aside from the event thread, from the
 * configs and headers of the model's files; what is wrong with model or answers is told in its place, and never keeps a form
 * from being shown.
 */
final class MemoryLine {

	/** The field of forms, and the method that is called when an answer has changed. */
	static final String FIELD = "expected", CHANGED = "tellMemory";

	static final String UNKNOWN = "Memory: looking at the model...";

	private static final ExecutorService LOOKING = Executors.newSingleThreadExecutor(task -> {
		final Thread thread = new Thread(task, "DiffEdit expected memory");
		thread.setDaemon(true);
		return thread;
	});

	private final DiffusionModelService models;
	private final Consumer<String> show;
	private final AtomicInteger asked = new AtomicInteger();

	/** @param show puts the text into the form, from any thread; HTML with nothing but line breaks */
	MemoryLine(final DiffusionModelService models, final Consumer<String> show) {
		this.models = models;
		this.show = show;
	}

	/**
	 * A run that a form asks for.
	 *
	 * @param model as it would be borrowed
	 * @param stages what the run takes of it
	 * @param besides what it takes of further models
	 */
	record Run(LoadOptions model, Function<ExpectedMemory, MemoryEstimate> stages, List<Supplier<MemoryEstimate>> besides) {}

	/** Width and height in pixels. */
	record Size(int width, int height) {

		/** Of what a command works on. */
		static Size of(final ImagePlus image, final String workOn) {
			if (image == null) throw new DiffEditException("no image is open.");
			if (!Choices.same(workOn, Workplace.SELECTION) || image.getRoi() == null) return of(image);
			final Rectangle region = Masks.region(image.getRoi(), image.getWidth(), image.getHeight());
			return new Size(region.width, region.height);
		}

		static Size of(final ImagePlus image) {
			if (image == null) throw new DiffEditException("no image is open.");
			return new Size(image.getWidth(), image.getHeight());
		}
	}

	/** Works out and shows what a run takes; answers that come too late are not shown. */
	void tell(final Supplier<Run> run) {
		show(() -> text(run.get()));
	}

	/** The same for a model that writes words. */
	void tellOfWriter(final Supplier<MemoryEstimate> run) {
		show(() -> {
			final MemoryEstimate all = run.get();
			final FreeMemory memory = FreeMemory.ofMachine();
			final long free = memory.available(Device.CPU);
			return text("Memory", all, free, all.peak() <= free - MemoryEstimate.reserve(memory.total(Device.CPU)) ? "" : "This does not fit.");
		});
	}

	private void show(final Supplier<String> line) {
		final int turn = asked.incrementAndGet();
		show.accept(UNKNOWN);
		LOOKING.execute(() -> {
			if (turn != asked.get()) return;
			final String text = orWhatIsWrong(line);
			if (turn == asked.get()) show.accept(text);
		});
	}

	private static String orWhatIsWrong(final Supplier<String> line) {
		try {
			return line.get();
		}
		catch (final DiffEditException e) {
			return lines("Memory: " + e.getMessage());
		}
		catch (final RuntimeException | Error e) {             // whatever it is: the form must not wait for ever
			return lines("Memory: cannot be told for this model (" + e + ").");
		}
	}

	private String text(final Run run) {
		final ExpectedMemory model = models.expected(run.model());
		MemoryEstimate all = run.stages().apply(model);
		for (final Supplier<MemoryEstimate> more : run.besides()) all = all.and(more.get());
		return text("Memory with preset " + model.plan().preset().label(), all, model.available(),
			model.fits(all) ? "" : "This does not fit; smaller presets will be tried.");
	}

	private static String text(final String what, final MemoryEstimate all, final long free, final String trouble) {
		final String sum = what + ": about " + MemoryEstimate.size(all.peak()) + "; " + MemoryEstimate.size(free) + " are free.";
		final String time = all.time().isPresent() ? "; " + all.timeLine() : "";
		return lines(trouble.isEmpty() ? sum : sum + " " + trouble, all.parts() + time);
	}

	/** As SciJava's messages are written: HTML, here with nothing but line breaks. */
	private static String lines(final String... texts) {
		return Stream.of(texts).map(text -> text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('\n', ' ')).collect(Collectors.joining("<br>"));
	}
}
