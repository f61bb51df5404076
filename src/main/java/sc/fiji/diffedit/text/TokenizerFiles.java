package sc.fiji.diffedit.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.JsonText;

/** The files of a tokenizer's folder. They are untrusted: sizes are checked before reading. */
class TokenizerFiles {

	/** Larger than any tokenizer in use. */
	private static final long MAX_BYTES = 64L << 20;

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
		try {
			if (!has(file)) throw new DiffEditException("There is no " + source(file) + "; choose a complete model folder.");
			if (Files.size(folder.resolve(file)) > MAX_BYTES) {
				throw new DiffEditException(source(file) + " is larger than any tokenizer's file; choose a complete model folder.");
			}
			return Files.readAllBytes(folder.resolve(file));
		}
		catch (final IOException e) {
			throw new DiffEditException(source(file) + " cannot be read (" + e.getMessage() + "); check the file.", e);
		}
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
