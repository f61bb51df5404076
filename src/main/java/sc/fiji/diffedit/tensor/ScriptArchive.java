package sc.fiji.diffedit.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The smallest archive that libtorch loads as a module: a program text, four constant entries, no weights.
 * The layout is that of PyTorch's {@code torch.jit.save} (a zip whose entries are stored, not compressed).
 */
final class ScriptArchive {

	private static final String HEAD = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

	/** Pickle, protocol 2: an object of class {@code __torch__.M} whose only attribute is {@code training = False}. */
	private static final String DATA = "\u0080\u0002c__torch__\nM\nq\0)\u0081}(X\b\0\0\0trainingq\1\u0089ubq\2.";

	/** Pickle, protocol 2: an empty tuple. */
	private static final String CONSTANTS = "\u0080\u0002).";

	private ScriptArchive() {}

	/** @param methods functions with {@code self}, indented by two spaces, as in the files under {@code kernels/} */
	static byte[] of(final String methods) throws IOException {
		final String code = HEAD + methods.replace("(self,", "(self: __torch__.M,").replace("(self)", "(self: __torch__.M)");
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			zip.setMethod(ZipOutputStream.STORED);
			put(zip, "m/data.pkl", DATA.getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
			put(zip, "m/constants.pkl", CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "m/version", "3\n".getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "m/byteorder", "little".getBytes(StandardCharsets.ISO_8859_1));
		}
		return bytes.toByteArray();
	}

	private static void put(final ZipOutputStream zip, final String name, final byte[] data) throws IOException {
		final CRC32 crc = new CRC32();
		crc.update(data);
		final ZipEntry entry = new ZipEntry(name);
		entry.setSize(data.length);
		entry.setCompressedSize(data.length);
		entry.setCrc(crc.getValue());
		zip.putNextEntry(entry);
		zip.write(data);
		zip.closeEntry();
	}
}
