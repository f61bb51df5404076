package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.config.ResourceLines;

/** Models and files that people have and this program does not serve: known well enough to name them in messages. */
final class ForeignModels {

	/** What is served, at the end of messages. */
	static final String SERVED = "supported are Stable Diffusion 1.x, 2.x and XL as diffusers folders and as .safetensors, .ckpt or .gguf files";

	private static final String ADAPTERS = "LoRA, LoCon, DoRA, LoHa, LoKr, OFT, BOFT, IA3, GLoRA and full differences";
	private static final int HEAD = 256;
	private static final List<Kind> KINDS = read();

	private record Kind(String sign, String title, Pattern pattern) {}

	private ForeignModels() {}

	private static List<Kind> read() {
		final List<Kind> kinds = new ArrayList<>();
		for (final String line : ResourceLines.of(ForeignModels.class, "foreign-models.txt")) {
			final String[] words = line.split("\t");
			if (words.length == 3) kinds.add(new Kind(words[0], words[1], Pattern.compile(words[2], Pattern.DOTALL)));
		}
		return kinds;
	}

	private static Optional<String> find(final String sign, final Collection<String> words) {
		return KINDS.stream().filter(kind -> kind.sign().equals(sign) && words.stream().anyMatch(word -> kind.pattern().matcher(word).matches())).map(Kind::title).findFirst();
	}

	/** What a file is, by the names of its tensors. */
	static Optional<String> byTensors(final Weights weights) {
		return find("tensor", weights.names());
	}

	/**
	 * @param names of tensors that nothing reads
	 * @throws DiffEditException if one of them is of a form of adapters that is not served; the message names form and tensor
	 */
	static void refuseAdapter(final String adapter, final Collection<String> names) {
		for (final String name : names) {
			find("adapter", List.of(name)).ifPresent(form -> {
				throw new DiffEditException(adapter + " has '" + name + "' of " + form + ", which is not supported; supported adapters are " + ADAPTERS + ".");
			});
		}
	}

	/** What a folder is, by the pipeline that it names. */
	static Optional<String> byPipeline(final String className) {
		return find("pipeline", List.of(className));
	}

	/** What a part is, by the class that its config or {@code model_index.json} names. */
	static Optional<String> byClass(final String className) {
		return find("class", List.of(className));
	}

	/** What a UNet is for, by the channels that it takes; empty for 4, and 9 for inpainting. */
	static Optional<String> byChannels(final long channels) {
		return switch ((int) channels) {
			case 4, 9 -> Optional.empty();
			case 5 -> Optional.of("a model for depth (5 input channels)");
			case 7 -> Optional.of("an upscaler (7 input channels)");
			case 8 -> Optional.of("InstructPix2Pix (8 input channels)");
			default -> Optional.of("a model of an unknown kind (" + channels + " input channels)");
		};
	}

	/** @throws DiffEditException if this is a model that is not served */
	static void refuse(final String source, final Optional<String> title) {
		if (title.isPresent()) throw new DiffEditException(source + " is " + title.get() + ", which is not supported; " + SERVED + ".");
	}

	/**
	 * Looks at the first bytes of a file that claims to hold weights.
	 *
	 * @throws DiffEditException if it is something else that is known
	 */
	static void refuseByBytes(final Path file) throws IOException {
		final String head;
		try (InputStream in = RegularFile.open(file)) {
			head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
		}
		if (head.length() > 8 && head.charAt(8) == '{') return;   // the length and header of safetensors
		final Optional<String> title = find("bytes", List.of(head));
		if (title.isEmpty()) return;
		if (title.get().contains("LFS")) throw new DiffEditException(lfs(file, head));
		if (title.get().contains("web")) {
			throw new DiffEditException(file.getFileName() + " is " + title.get() + ", saved in place of a model; download it again, signed in where the site asks for it.");
		}
		refuse(file.getFileName().toString(), title);
	}

	private static String lfs(final Path file, final String pointer) throws IOException {
		final Matcher size = Pattern.compile("size (\\d{1,15})").matcher(pointer);
		return file.getFileName() + " is a Git LFS pointer of " + Files.size(file) + " bytes and not the model" + (size.find() ? " of " + Inspection.size(Long.parseLong(size.group(1))) : "")
			+ "; fetch the real file with git lfs pull, or download it.";
	}
}
