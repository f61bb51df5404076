package sc.fiji.diffedit.goldens;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.goldens.GoldenCase.Png;
import sc.fiji.diffedit.goldens.GoldenCase.Seeds;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** The arguments of a pipeline call in a golden case, as plain Java values; what is absent has diffusers' default. */
final class CallArguments {

	private final GoldenCase golden;
	private final Map<String, JsonElement> arguments;

	CallArguments(final GoldenCase golden) {
		this.golden = golden;
		this.arguments = golden.json().getAsJsonObject("args").asMap();
	}

	boolean has(final String name) {
		return arguments.containsKey(name) && !arguments.get(name).isJsonNull();
	}

	double number(final String name, final double otherwise) {
		return has(name) ? arguments.get(name).getAsDouble() : otherwise;
	}

	int whole(final String name, final int otherwise) {
		return has(name) ? arguments.get(name).getAsInt() : otherwise;
	}

	boolean flag(final String name) {
		return has(name) && arguments.get(name).getAsBoolean();
	}

	String text(final String name, final String otherwise) {
		return has(name) ? arguments.get(name).getAsString() : otherwise;
	}

	/** Prompts, one or several, or the embeddings that were given in their place; else no prompt. */
	List<Prompt> prompts(final String name) {
		if (has(name + "_embeds")) return embeddings(name + "_embeds");
		if (!has(name)) return List.of(Prompt.NONE);
		return values(name).stream().map(text -> Prompt.of((String) text)).toList();
	}

	private List<Prompt> embeddings(final String name) {
		try (Scope scope = Scope.open()) {
			final Tensor rows = (Tensor) golden.value(arguments.get(name));
			final List<Prompt> prompts = new ArrayList<>();
			for (int i = 0; i < rows.size(0); i++) {
				prompts.add(new Prompt.Embedding((int) rows.size(1), (int) rows.size(2), rows.get(i).toFloatArray(), new float[0]));
			}
			return prompts;
		}
	}

	/** Images given as files. */
	List<Picture> pictures(final String name) {
		return values(name).stream().map(png -> PngFiles.readPicture(((Png) png).file())).toList();
	}

	/** Masks given as files or as a tensor whose last two axes are height and width. */
	List<Mask> masks(final String name) {
		try (Scope scope = Scope.open()) {
			final Object given = golden.value(arguments.get(name));
			if (!(given instanceof Tensor)) return values(name).stream().map(png -> PngFiles.readMask(((Png) png).file())).toList();
			final Tensor tensor = (Tensor) given;
			final Tensor planes = tensor.reshape(-1, tensor.size(-2), tensor.size(-1));
			final List<Mask> masks = new ArrayList<>();
			for (int i = 0; i < planes.size(0); i++) {
				masks.add(new Mask((int) planes.size(2), (int) planes.size(1), planes.get(i).toFloatArray()));
			}
			return masks;
		}
	}

	/** Latents of several images, shape (images, n, channels, height, width). */
	List<Latents> latents(final String name) {
		try (Scope scope = Scope.open()) {
			final Tensor all = (Tensor) golden.value(arguments.get(name));
			final List<Latents> latents = new ArrayList<>();
			for (int i = 0; i < all.size(0); i++) latents.add(Latents.of(all.get(i)));
			return latents;
		}
	}

	/** Seeds of the generator, or of one generator per sample; 0 when there is none, since nothing is drawn then. */
	List<Long> seeds() {
		return has("generator") ? ((Seeds) golden.value(arguments.get("generator"))).seeds() : List.of(0L);
	}

	private List<?> values(final String name) {
		final Object value = golden.value(arguments.get(name));
		return value instanceof List ? (List<?>) value : List.of(value);
	}
}
