package sc.fiji.diffedit.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.google.gson.JsonObject;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.DjlEngine;
import sc.fiji.diffedit.engine.NativeRoom;

/** A tokenizer of the native library, created from its JSON. It neither pads nor truncates. */
final class NativeTokenizer implements AutoCloseable {

	/** Twice the memory that the library takes for each byte of a vocabulary and its merges. */
	private static final long BYTES_PER_BYTE = 32;

	private final HuggingFaceTokenizer tokenizer;
	private final String source;
	private boolean closed;

	/**
	 * @param source the files' name in messages
	 * @throws sc.fiji.diffedit.NotEnoughMemory if the system refuses the memory for it
	 * @throws DiffEditException if the library refuses the JSON or cannot be loaded
	 */
	NativeTokenizer(final String source, final JsonObject json) {
		this.source = source;
		DjlEngine.stayOffline();
		json.add("truncation", null);
		json.add("padding", null);
		final byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
		NativeRoom.require(Math.max(NativeRoom.BYTES, BYTES_PER_BYTE * bytes.length), "the tokenizer " + source);
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(NativeTokenizer.class.getClassLoader());
		try {
			tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), Map.of("padding", "false", "truncation", "false"));
		}
		catch (final IOException | RuntimeException e) {
			throw new DiffEditException(source + " holds no tokenizer that can be used (" + e.getMessage() + "); the file is damaged.", e);
		}
		catch (final LinkageError e) {
			final String reason = String.valueOf(e.getMessage());
			throw new DiffEditException(DjlEngine.lackOfMemory("tokenizers library", reason).orElse("The tokenizers library could not be loaded (" + reason
				+ "); it exists for Linux, Windows and macOS on arm64, put its jar on the class path."), e);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/** Token IDs, on request with the start and end tokens added by its post-processor. */
	synchronized long[] encode(final String text, final boolean withSpecialTokens) {
		checkOpen();
		NativeRoom.require("the words of a text");
		try {
			final Encoding encoding = tokenizer.encode(text, withSpecialTokens, false);
			return encoding.getIds();
		}
		catch (final RuntimeException e) {
			throw new DiffEditException(source + " cannot read the text (" + e.getMessage() + "); take another tokenizer.", e);
		}
	}

	synchronized String decode(final long[] ids) {
		checkOpen();
		NativeRoom.require("the words of a text");
		return tokenizer.decode(ids, true);
	}

	private void checkOpen() {
		if (closed) throw new IllegalStateException("this tokenizer is closed");
	}

	@Override
	public synchronized void close() {
		if (!closed) tokenizer.close();
		closed = true;
	}
}
