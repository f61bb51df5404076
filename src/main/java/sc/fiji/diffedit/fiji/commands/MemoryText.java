package sc.fiji.diffedit.fiji.commands;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.tensor.Device;

/** How the {@link MemoryLine} words what a run is expected to take. */
final class MemoryText {

	private MemoryText() {}

	/** Of a diffusion model and all that takes part in its run. */
	static String of(final ExpectedMemory model, final MemoryEstimate all) {
		return text("Memory with preset " + model.plan().preset().label(), all, model.available(),
			model.fits(all) ? "" : "This does not fit; smaller presets will be tried.");
	}

	/** Of a model that writes texts. */
	static String ofWriter(final MemoryEstimate all) {
		final FreeMemory memory = FreeMemory.ofMachine();
		final long free = memory.available(Device.CPU);
		return text("Memory", all, free, all.peak() <= free - MemoryEstimate.reserve(memory.total(Device.CPU)) ? "" : "This does not fit.");
	}

	private static String text(final String what, final MemoryEstimate all, final long free, final String trouble) {
		final String sum = what + ": about " + MemoryEstimate.size(all.peak()) + "; " + MemoryEstimate.size(free) + " are free.";
		final String time = all.time().isPresent() ? "; " + all.timeLine() : "";
		return lines(trouble.isEmpty() ? sum : sum + " " + trouble, all.parts() + time);
	}

	/** As SciJava's messages are written: HTML, here with nothing but line breaks. */
	static String lines(final String... texts) {
		return Stream.of(texts).map(text -> Sentences.escaped(text).replace('\n', ' ')).collect(Collectors.joining("<br>"));
	}
}
