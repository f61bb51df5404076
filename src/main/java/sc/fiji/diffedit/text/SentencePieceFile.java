package sc.fiji.diffedit.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;

/**
 * The content of a SentencePiece file ({@code spiece.model}, a protocol buffer {@code ModelProto}): pieces with scores, and the
 * table of character replacements. Other fields are skipped; every length is checked before use.
 */
final class SentencePieceFile {

	private static final int UNIGRAM = 1;
	private static final int UNKNOWN = 2;

	/** A piece of a word, {@code U+2581} for the space before it, and its log-probability. */
	record Piece(String text, float score) {}

	private final String source;
	private final List<Piece> pieces = new ArrayList<>();
	private byte[] charsMap = {};
	private int modelType = UNIGRAM;
	private int unknown = -1;

	/** @throws DiffEditException if the bytes are no such file or contain another kind of model */
	SentencePieceFile(final String source, final byte[] bytes) {
		this.source = source;
		fields(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), (field, number, value) -> {
			if (field == 1 && value != null) addPiece(value);
			if (field == 2 && value != null) fields(value, (f, n, v) -> modelType = f == 3 && v == null ? (int) n : modelType);
			if (field == 3 && value != null) fields(value, (f, n, v) -> charsMap = f == 2 && v != null ? bytes(v) : charsMap);
		});
		if (modelType != UNIGRAM) throw new DiffEditException(source + " holds a SentencePiece model that is not of the unigram kind; T5 has unigram ones.");
		if (pieces.isEmpty() || unknown < 0) throw damaged("it has no pieces, or none for unknown characters");
	}

	private void addPiece(final ByteBuffer message) {
		final String[] text = { "" };
		final float[] score = { 0 };
		fields(message, (field, number, value) -> {
			if (field == 1 && value != null) text[0] = new String(bytes(value), StandardCharsets.UTF_8);
			if (field == 2 && value == null) score[0] = Float.intBitsToFloat((int) number);
			if (field == 3 && value == null && number == UNKNOWN) unknown = pieces.size();
		});
		if (!Float.isFinite(score[0])) throw damaged("the score of a piece is not a number");
		pieces.add(new Piece(text[0], score[0]));
	}

	/** Processes one field of a message: a number, or the bytes of a nested text or message. */
	private interface Field {

		void take(int field, long number, ByteBuffer value);
	}

	private void fields(final ByteBuffer message, final Field taker) {
		while (message.hasRemaining()) {
			final long tag = varint(message);
			final int field = (int) (tag >>> 3);
			switch ((int) (tag & 7)) {
				case 0 -> taker.take(field, varint(message), null);
				case 1 -> taker.take(field, need(message, 8).getLong(), null);
				case 2 -> taker.take(field, 0, part(message));
				case 5 -> taker.take(field, need(message, 4).getInt(), null);
				default -> throw damaged("it has a field of an unknown kind");
			}
		}
	}

	private long varint(final ByteBuffer message) {
		long value = 0;
		for (int shift = 0; shift < 64; shift += 7) {
			final byte next = need(message, 1).get();
			value |= (long) (next & 127) << shift;
			if (next >= 0) return value;
		}
		throw damaged("it has a number that does not end");
	}

	private ByteBuffer part(final ByteBuffer message) {
		final long length = varint(message);
		if (length < 0 || length > message.remaining()) throw damaged("a length points outside of it");
		final ByteBuffer part = message.slice(message.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
		message.position(message.position() + (int) length);
		return part;
	}

	private ByteBuffer need(final ByteBuffer message, final int bytes) {
		if (message.remaining() < bytes) throw damaged("it ends too early");
		return message;
	}

	private static byte[] bytes(final ByteBuffer value) {
		final byte[] bytes = new byte[value.remaining()];
		value.duplicate().get(bytes);
		return bytes;
	}

	private DiffEditException damaged(final String how) {
		return new DiffEditException(source + " is no SentencePiece file (" + how + "); take another copy of the tokenizer.");
	}

	List<Piece> pieces() {
		return List.copyOf(pieces);
	}

	/** ID of the piece for unknown characters. */
	int unknown() {
		return unknown;
	}

	/** The compiled table of character replacements; empty if there is none. */
	byte[] charsMap() {
		return Arrays.copyOf(charsMap, charsMap.length);
	}
}
