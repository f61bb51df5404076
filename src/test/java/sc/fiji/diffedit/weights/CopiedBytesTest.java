package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/** Weights that are read, not mapped, and what keeps others from writing where the system can. */
@ExtendWith(NoNativeLeaks.class)
class CopiedBytesTest {

	/** More than one piece, at an odd place. */
	private static final int BYTES = (1 << 24) + 4096, ODD = 3;

	@TempDir
	Path folder;

	private Scope scope;
	private Path file;
	private byte[] bytes;

	@BeforeEach
	void write() throws IOException {
		Torch.prepareThread();
		scope = Scope.open();
		bytes = new byte[ODD + BYTES];
		new Random(1).nextBytes(bytes);
		file = Files.write(folder.resolve("numbers"), bytes);
	}

	@AfterEach
	void close() {
		scope.close();
	}

	@ParameterizedTest
	@EnumSource(value = DType.class, names = { "FLOAT32", "BFLOAT16", "INT64", "UINT8", "FLOAT8_E4M3FN" })
	void theBytesOfTheFileInAnyType(final DType dtype) throws IOException {
		final long[] shape = { 64, BYTES / dtype.bytes() / 64 };
		final Tensor read = CopiedBytes.read(file, ODD, ODD + BYTES, dtype, shape);
		assertArrayEquals(shape, read.shape());
		assertEquals(dtype, read.dtype());
		assertArrayEquals(Arrays.copyOfRange(bytes, ODD, ODD + 64), first(CopiedBytes.read(file, ODD, ODD + 64, dtype, new long[] { 64 / dtype.bytes() })));
		if (dtype == DType.UINT8) assertArrayEquals(Arrays.copyOfRange(bytes, ODD, bytes.length), first(read));
	}

	private static byte[] first(final Tensor tensor) {
		final byte[] found = new byte[(int) tensor.count() * tensor.dtype().bytes()];
		tensor.toBytes().get(found);
		return found;
	}

	@Test
	void aFileThatEndsTooEarlyIsToldAndEndsNothing() {
		assertTrue(assertThrows(EOFException.class, () -> CopiedBytes.read(file, ODD, bytes.length + 8, DType.UINT8, new long[] { BYTES + 8 })).getMessage().contains("" + bytes.length));
	}

	@Test
	void aFileThatIsCopiedIsNeverMapped() throws IOException {
		assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "the system tells what is mapped");
		final Path model = folder.resolve("x.safetensors");
		SafetensorsWriter.write(model, Map.of("x", Tensor.zeros(DType.FLOAT32, 4096)), Map.of());
		try (SafetensorsFile copied = SafetensorsFile.open(model, true); SafetensorsFile mapped = SafetensorsFile.open(model, false)) {
			assertEquals(4096, copied.get("x").count());
			assertEquals(false, Files.readString(Path.of("/proc/self/maps")).contains(model.toString()));
			assertEquals(4096, mapped.get("x").count());
			assertEquals(true, Files.readString(Path.of("/proc/self/maps")).contains(model.toString()));
		}
	}

	@Test
	void whereTheSystemLocksFilesNobodyWritesWhileTheyAreInUse() throws IOException {
		try (FileChannel other = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			try (ReadersLock lock = ReadersLock.everywhere(file)) {
				assertThrows(OverlappingFileLockException.class, other::tryLock);
				ReadersLock.everywhere(file).close();
			}
			other.tryLock().close();
		}
		ReadersLock.everywhere(folder.resolve("missing")).close();
	}

	/** Whoever is told to download a file again can write it. */
	@ParameterizedTest
	@ValueSource(strings = { "GGUF that ends", "no safetensors", "PK\3\4 no zip", "\u0080\2 no pickle" })
	void aFileThatIsRefusedIsNotHeld(final String content) throws IOException {
		Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
		final String system = System.setProperty("os.name", "Windows");
		try (FileChannel other = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			if (content.startsWith("GGUF")) assertThrows(DiffEditException.class, () -> GgufFile.open(file, false));
			else if (content.startsWith("no")) assertThrows(DiffEditException.class, () -> SafetensorsFile.open(file, false));
			else assertThrows(DiffEditException.class, () -> PickleFile.open(file, false));
			other.tryLock().close();
		}
		finally {
			System.setProperty("os.name", system);
		}
	}

	@ParameterizedTest
	@CsvSource({ "nfs4,true", "cifs,true", "fuse.sshfs,true", "fuse,true", "vfat,true", "exFAT,true", "FAT32,true", "ext4,false", "NTFS,false", "fuseblk,false", "apfs,false",
		"btrfs,false", "tmpfs,false", "overlay,false" })
	void filesOnDrivesThatMayGoAreCopied(final String drive, final boolean copied) {
		assertEquals(copied, WeightAccess.mayGo(drive));
	}
}
