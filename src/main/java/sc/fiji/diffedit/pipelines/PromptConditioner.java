package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.Tensor;

/** Turns prompts into what the UNet is told. Each different prompt is encoded once per conditioner. */
final class PromptConditioner {

	private final DiffusionModel model;
	private final int clipSkip;
	private final Map<Prompt, Conditioning> known = new LinkedHashMap<>();

	PromptConditioner(final DiffusionModel model, final int clipSkip) {
		Checks.notNegative("clipSkip", clipSkip);
		this.model = model;
		this.clipSkip = clipSkip;
	}

	/** One row per image; a single prompt serves all. */
	Conditioning rows(final List<Prompt> prompts, final int images) {
		final List<Conditioning> rows = new ArrayList<>();
		for (int i = 0; i < images; i++) rows.add(of(prompts.get(prompts.size() == 1 ? 0 : i)));
		return rows.size() == 1 ? rows.get(0) : Conditioning.cat(rows);
	}

	/** Whether two lists of prompts say the same to the model for every image. */
	boolean same(final List<Prompt> some, final List<Prompt> others, final int images) {
		for (int i = 0; i < images; i++) {
			if (!plain(some.get(some.size() == 1 ? 0 : i)).equals(plain(others.get(others.size() == 1 ? 0 : i)))) return false;
		}
		return true;
	}

	private Conditioning of(final Prompt prompt) {
		return known.computeIfAbsent(plain(prompt), this::encode);
	}

	/** A prompt left out is the empty text, where the model knows no better. */
	private Prompt plain(final Prompt prompt) {
		return prompt instanceof Prompt.None && !model.promptEncoder().zerosForMissing() ? Prompt.of("") : prompt;
	}

	private Conditioning encode(final Prompt prompt) {
		if (prompt instanceof Prompt.Words words) {
			return place(model.promptEncoder().encode(List.of(words.text()), List.of(words.text2()), clipSkip));
		}
		if (prompt instanceof Prompt.Embedding given) {
			final Conditioning words = Conditioning.of(Tensor.of(given.values(), 1, given.tokens(), given.width()));
			return place(given.pooled().length == 0 ? words
				: words.with(Conditioning.TEXT_EMBEDS, Tensor.of(given.pooled(), 1, given.pooled().length)));
		}
		return place(model.promptEncoder().encodeMissing());
	}

	private Conditioning place(final Conditioning conditioning) {
		return conditioning.map(t -> t.to(model.unet().dtype()).to(model.device()));
	}
}
