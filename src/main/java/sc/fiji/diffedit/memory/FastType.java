package sc.fiji.diffedit.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.LoadedEngine;

/** The element type that a device computes fastest in, for those who leave the choice to the machine. */
public final class FastType {

	private static final List<String> CPU_FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");
	/** Compute capability from which graphics cards know bfloat16, which overflows nowhere. */
	private static final int AMPERE = 80;

	private FastType() {}

	/** {@code bfloat16} where the device has instructions for it, {@code float16} on older graphics cards, else {@code float32}. */
	public static DType of(final Device device) {
		if (device.isCpu()) return ofCpu(Path.of("/proc/cpuinfo"));
		if (!device.type().equals("cuda")) return DType.FLOAT32;
		return LoadedEngine.cudaDevices().stream().filter(card -> card.device().equals(device))
			.anyMatch(card -> card.compute().matches("\\d+") && Integer.parseInt(card.compute()) >= AMPERE) ? DType.BFLOAT16 : DType.FLOAT16;
	}

	/** @param cpuinfo as Linux writes it; other systems have none and get the type that is right everywhere */
	static DType ofCpu(final Path cpuinfo) {
		try {
			final boolean has = Files.readAllLines(cpuinfo).stream().filter(line -> line.matches("(?i)(flags|features)\\s*:.*"))
				.anyMatch(line -> Arrays.asList(line.split("\\s+")).stream().anyMatch(CPU_FLAGS::contains));
			return has ? DType.BFLOAT16 : DType.FLOAT32;
		}
		catch (final IOException e) {
			return DType.FLOAT32;
		}
	}
}
