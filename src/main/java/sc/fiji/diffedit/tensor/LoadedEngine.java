package sc.fiji.diffedit.tensor;

import java.io.IOException;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import ai.djl.pytorch.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;

/** What the running engine is, and what it sees of the machine. */
public final class LoadedEngine {

	private static final Path MAPS = Path.of("/proc/self/maps");

	private LoadedEngine() {}

	/**
	 * A CUDA device as the loaded library sees it.
	 *
	 * @param device such as {@code cuda:0}
	 * @param compute compute capability, such as {@code 90} for 9.0
	 * @param total bytes of its memory
	 * @param free free bytes
	 */
	public record CudaDevice(Device device, String compute, long total, long free) {}

	/** The folder that libtorch was loaded from; starts the engine. */
	public static Path folder() {
		Torch.start();
		return Path.of(LibUtils.getLibtorchPath());
	}

	/** All CUDA devices that the loaded library can use. */
	public static List<CudaDevice> cudaDevices() {
		final List<CudaDevice> devices = new ArrayList<>();
		for (int i = 0; i < Torch.cudaDevices(); i++) {
			final MemoryUsage memory = CudaUtils.getGpuMemory(ai.djl.Device.gpu(i));
			devices.add(new CudaDevice(Device.cuda(i), CudaUtils.getComputeCapability(i), memory.getMax(), memory.getMax() - memory.getUsed()));
		}
		return devices;
	}

	/** Whether DJL finds the CUDA runtime library, by which it counts GPUs. */
	public static boolean seesCudaRuntime() {
		return CudaUtils.hasCuda();
	}

	/** The files of libtorch in this process, other programs' copies included; empty on systems other than Linux. */
	public static List<Path> mappedLibraries() {
		if (!Files.isReadable(MAPS)) return List.of();
		final TreeSet<Path> files = new TreeSet<>();
		try {
			for (final String line : Files.readAllLines(MAPS)) {
				final int path = line.indexOf('/');
				if (path >= 0 && line.matches(".*/libtorch(_cpu|_cuda)?\\.so.*")) files.add(Path.of(line.substring(path)));
			}
		}
		catch (final IOException e) {
			return List.of();
		}
		return List.copyOf(files);
	}
}
