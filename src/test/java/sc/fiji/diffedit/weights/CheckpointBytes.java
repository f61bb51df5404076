package sc.fiji.diffedit.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** The same tensors in each layout that {@code torch.save} has had: as a zip file, as one with 64-bit numbers, and as it was before PyTorch 1.6. */
final class CheckpointBytes {

	private static final byte[] LEGACY = { 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19 };
	private static final int LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END64 = 0x06064b50, LOCATOR = 0x07064b50, END = 0x06054b50;

	private final List<byte[]> storages = new ArrayList<>();
	private final boolean legacy;
	private final PickleBytes pickle;

	private CheckpointBytes(final Map<String, Tensor> tensors, final boolean nested, final boolean legacy) {
		this.legacy = legacy;
		pickle = new PickleBytes();
		if (legacy) pickle.op(0x80, 2, 0x8a, 10).raw(LEGACY).op('.').op(0x80, 2, 'M', 0xe9, 3, '.').op(0x80, 2, '}', '.');
		pickle.op(0x80, 2, '}', '(');
		if (nested) pickle.text("epoch").number(3).text("state_dict").op('}', '(');
		tensors.forEach(this::add);
		pickle.op('u');
		if (nested) pickle.op('u');
		pickle.op('.');
	}

	/**
	 * Writes a file of safetensors in 32 bits as {@code flat}, {@code nested} (in {@code state_dict}), {@code legacy} or {@code zip64}.
	 */
	static Path write(final Path from, final Path to, final String form) {
		try (Scope scope = Scope.open(); WeightsFile file = WeightsFile.open(from)) {
			final Map<String, Tensor> tensors = new LinkedHashMap<>();
			file.names().forEach(name -> tensors.put(name, file.get(name)));
			final CheckpointBytes bytes = new CheckpointBytes(tensors, !form.equals("flat"), form.equals("legacy"));
			return Files.write(to, form.equals("legacy") ? bytes.ofLegacy() : form.equals("zip64") ? bytes.zip64() : PickleBytes.zip(bytes.pickle.bytes(), bytes.storages.toArray(new byte[0][])));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private void add(final String name, final Tensor tensor) {
		final int[] shape = Arrays.stream(tensor.shape()).mapToInt(length -> (int) length).toArray();
		final int[] stride = new int[shape.length];
		for (int i = shape.length - 1, next = 1; i >= 0; next *= shape[i--]) stride[i] = next;
		final float[] values = tensor.toFloatArray();
		pickle.text(name).tensor("FloatStorage", Integer.toString(storages.size()), values.length, 0, shape, stride, legacy);
		final ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
		for (final float value : values) bytes.putFloat(value);
		storages.add(bytes.array());
	}

	private byte[] ofLegacy() {
		pickle.op(0x80, 2, ']', '(');
		for (int i = 0; i < storages.size(); i++) pickle.text(Integer.toString(i));
		pickle.op('e', '.');
		for (final byte[] storage : storages) pickle.int64(storage.length / 4).raw(storage);
		return pickle.bytes();
	}

	// -- zip64: as files above 4 GB, with every length and place in 64 bits --

	private byte[] zip64() throws IOException {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		final ByteArrayOutputStream central = new ByteArrayOutputStream();
		entry(out, central, "x/data.pkl", pickle.bytes());
		for (int i = 0; i < storages.size(); i++) entry(out, central, "x/data/" + i, storages.get(i));
		final long begin = out.size();
		central.writeTo(out);
		out.writeBytes(end(storages.size() + 1, central.size(), begin));
		return out.toByteArray();
	}

	private static void entry(final ByteArrayOutputStream out, final ByteArrayOutputStream central, final String name, final byte[] content) {
		final CRC32 crc = new CRC32();
		crc.update(content);
		central.writeBytes(central(name, (int) crc.getValue(), content.length, out.size()));
		out.writeBytes(local(name, (int) crc.getValue(), content.length));
		out.writeBytes(content);
	}

	/** What stands before the content of an entry. */
	static byte[] local(final String name, final int crc, final long length) {
		final byte[] text = name.getBytes(StandardCharsets.UTF_8);
		return buffer(30 + text.length + 20).putInt(LOCAL).putShort((short) 45).putShort((short) 0).putShort((short) 0).putInt(0).putInt(crc).putInt(-1).putInt(-1)
			.putShort((short) text.length).putShort((short) 20).put(text).putShort((short) 1).putShort((short) 16).putLong(length).putLong(length).array();
	}

	/** The line of an entry in the list at the end. */
	static byte[] central(final String name, final int crc, final long length, final long offset) {
		final byte[] text = name.getBytes(StandardCharsets.UTF_8);
		return buffer(46 + text.length + 28).putInt(CENTRAL).putShort((short) 45).putShort((short) 45).putShort((short) 0).putShort((short) 0).putInt(0).putInt(crc).putInt(-1).putInt(-1)
			.putShort((short) text.length).putShort((short) 28).putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0).putInt(-1).put(text)
			.putShort((short) 1).putShort((short) 24).putLong(length).putLong(length).putLong(offset).array();
	}

	/** What stands behind that list. */
	static byte[] end(final long count, final long length, final long begin) {
		return buffer(98).putInt(END64).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0).putLong(count).putLong(count).putLong(length).putLong(begin)
			.putInt(LOCATOR).putInt(0).putLong(begin + length).putInt(1).putInt(END).putInt(0).putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1).array();
	}

	private static ByteBuffer buffer(final int bytes) {
		return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}
}
