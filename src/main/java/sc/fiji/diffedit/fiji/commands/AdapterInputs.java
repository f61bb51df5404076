package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.service.Adapters;

/** What is added to a diffusion model. */
final class AdapterInputs extends InputGroup {

	@Parameter(label = "Style or subject (LoRA file)", required = false, persist = false,
		description = "A LoRA file, or a .txt file with a path and a scale per line; empty for none.")
	private String lora = "";
	@Parameter(label = "Weight of the LoRA", stepSize = "0.1", persist = false,
		description = "How much the LoRA counts: 1 is its own strength. Scales in a list are multiplied by it.")
	private double loraScale = 1;
	@Parameter(label = "New word (textual inversion file)", required = false, persist = false,
		description = "A textual inversion file, or a .txt file with one path per line, each optionally followed by its name in prompts.")
	private String word = "";

	AdapterInputs() {
		onlyIf("loraScale", () -> lora != null && !lora.isBlank());
	}

	/** A file that is not there; looking for it may take a while. */
	Optional<Warning> foresee() {
		return Warning.ofFailure("lora", () -> Loras.of(lora, 1)).or(() -> Warning.ofFailure("word", () -> TextualInversions.add(word, Adapters.NONE)));
	}

	/** @throws sc.fiji.diffedit.DiffEditException if a file is not there, or the scale is no number */
	Adapters adapters() {
		return TextualInversions.add(word, Loras.of(lora, loraScale));
	}

	/** What was asked for; the run itself reports what it has loaded. */
	@Override
	protected Provenance addTo(final Provenance made) {
		final Provenance more = lora == null || lora.isBlank() ? made : made.with("lora", lora).with("loraScale", loraScale);
		return word == null || word.isBlank() ? more : more.with("word", word);
	}
}
