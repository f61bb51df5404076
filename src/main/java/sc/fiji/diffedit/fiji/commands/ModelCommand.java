package sc.fiji.diffedit.fiji.commands;

import java.util.Collections;
import java.util.List;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Torch;

/** What all commands with a diffusion model share: the loan, and how results tell of their making. */
abstract class ModelCommand extends StoppableCommand {

	/** The command's work with its model; results are kept only when it comes to its end. */
	abstract void work(ModelLease lease, StepListener listener);

	/** A preset or plan for memory; a command without such a field leaves it to the machine. */
	String memory() {
		return Memory.AUTOMATIC;
	}

	/** What is added to the model; a command without such a field adds nothing. */
	Adapters adapters() {
		return Adapters.NONE;
	}

	@Override
	final void work(final DiffusionModelService models, final CommandProgress progress) {
		final Adapters adapters = adapters();
		try (ModelLease lease = models.borrow(LoadOptions.of(model()).withMemory(Memory.of(memory())))) {
			lease.setAdapters(adapters);
			lease.setNotes(this::note);
			work(lease, progress);
		}
	}

	/** How results begin to tell of their making. */
	static Provenance provenance(final String what, final ModelLease lease) {
		final Provenance made = Provenance.of(what).with("pytorch", Torch.version()).with("model", lease.name()).with(Provenance.MODEL_HASH, lease.hash())
			.with("device", lease.device()).with("memory", lease.memory());
		final List<String> adapters = lease.adapters().lines();
		return adapters.isEmpty() ? made
			: made.with(Provenance.ADAPTERS, String.join("; ", adapters)).with(Provenance.LORA_HASH, lease.adapters().loraHash());
	}

	/** The same for results that come from an image. */
	static Provenance provenance(final String what, final ModelLease lease, final ImagePlus image) {
		return provenance(what, lease).with("image", image.getTitle());
	}

	/** @param flagged what the safety checker said of each image */
	final void tellFlagged(final List<Boolean> flagged) {
		final int count = Collections.frequency(flagged, true);
		if (count > 0) tell(List.of("The model's safety checker blackened " + count + " of " + flagged.size() + "; try another seed or description."));
	}
}
