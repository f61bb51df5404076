package sc.fiji.diffedit.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.SmallFile;

/** The files of a tokenizer's folder. */
class TokenizerFiles {

	private static final SmallFile FILE = new SmallFile("a tokenizer's file", 64 << 20, "choose a complete model folder");

	private final Path folder;

	TokenizerFiles(final Path folder) {
		this.folder = folder;
	}

	/** Files that come with the program, by name. */
	static TokenizerFiles of(final Map<String, String> texts) {
		return new TokenizerFiles(Path.of("CLIP")) {

			@Override
			boolean has(final String file) {
				return texts.containsKey(file);
			}

			@Override
			byte[] bytes(final String file) {
				return texts.get(file).getBytes(StandardCharsets.UTF_8);
			}
		};
	}

	boolean has(final String file) {
		return Files.isRegularFile(folder.resolve(file));
	}

	/** A file's name in messages. */
	String source(final String file) {
		return folder.getFileName() == null ? file : folder.getFileName() + "/" + file;
	}

	byte[] bytes(final String file) {
		return FILE.bytes(folder.resolve(file), source(file));
	}

	String text(final String file) {
		return new String(bytes(file), StandardCharsets.UTF_8);
	}

	JsonObject json(final String file) {
		return JsonText.object(source(file), text(file));
	}

	/** An optional file; an empty object if it is missing. */
	JsonObject jsonOrEmpty(final String file) {
		return has(file) ? json(file) : new JsonObject();
	}
}
