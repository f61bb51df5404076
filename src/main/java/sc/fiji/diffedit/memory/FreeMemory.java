package sc.fiji.diffedit.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.sun.management.OperatingSystemMXBean;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.LoadedEngine;

/**
 * How much memory a machine has and how much of it may still be taken. On Linux it is what the kernel calls available, or
 * what the control groups of this process (containers, batch systems) leave, whichever is less; pages of mapped files that
 * the kernel may drop count as free. Elsewhere it is the value that the operating system reports to Java.
 */
public final class FreeMemory {

	private static final FreeMemory MACHINE = new FreeMemory(Path.of("/"));

	private final Path root;

	/** @param root where {@code proc} and {@code sys} are */
	FreeMemory(final Path root) {
		this.root = root;
	}

	/** The machine that this program runs on. */
	public static FreeMemory ofMachine() {
		return MACHINE;
	}

	/** All memory of a device, in bytes, as far as this process may use it. */
	public long total(final Device device) {
		if (device.type().equals("cuda")) return cuda(device).map(LoadedEngine.CudaDevice::total).orElse(0L);
		return Math.min(meminfo("MemTotal").orElseGet(() -> system().getTotalMemorySize()), groups(false));
	}

	/** What may still be taken of a device's memory, in bytes. */
	public long available(final Device device) {
		if (device.type().equals("cuda")) return cuda(device).map(LoadedEngine.CudaDevice::free).orElse(0L);
		return Math.max(0, Math.min(meminfo("MemAvailable").orElseGet(() -> system().getFreeMemorySize()), groups(true)));
	}

	private static Optional<LoadedEngine.CudaDevice> cuda(final Device device) {
		return LoadedEngine.cudaDevices().stream().filter(found -> found.device().equals(device)).findFirst();
	}

	private static OperatingSystemMXBean system() {
		return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
	}

	// -- Linux --

	private Optional<Long> meminfo(final String key) {
		return Optional.ofNullable(table("proc/meminfo").get(key)).map(kibibytes -> kibibytes * 1024);
	}

	/** The limit of the strictest control group, or what it leaves; a very large number where there is none. */
	private long groups(final boolean left) {
		long least = Long.MAX_VALUE;
		for (final String line : text("proc/self/cgroup").split("\n")) {
			final String[] parts = line.split(":", 3);
			if (parts.length < 3) continue;
			if (parts[1].isEmpty()) least = Math.min(least, upwards("sys/fs/cgroup", parts[2], "memory.max", "memory.current", "", left));
			else if (parts[1].equals("memory")) {
				least = Math.min(least, upwards("sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_", left));
			}
		}
		return least;
	}

	/** A group is bound by all groups above it; inside a container the path may be that of the outside, and only the top is there. */
	private long upwards(final String mount, final String path, final String max, final String current, final String prefix, final boolean left) {
		long least = Long.MAX_VALUE;
		String group = path.equals("/") ? "" : path;
		while (true) {
			final String folder = mount + group;
			final Optional<Long> limit = number(folder + "/" + max);
			if (limit.isPresent()) least = Math.min(least, left ? limit.get() - number(folder + "/" + current).orElse(0L) + droppable(folder, prefix) : limit.get());
			if (group.isEmpty()) return least;
			group = group.substring(0, Math.max(0, group.lastIndexOf('/')));
		}
	}

	/** Pages of files, which a group's usage counts though they need not stay. */
	private long droppable(final String folder, final String prefix) {
		final Map<String, Long> stat = table(folder + "/memory.stat");
		return stat.getOrDefault(prefix + "inactive_file", 0L) + stat.getOrDefault(prefix + "active_file", 0L);
	}

	private Optional<Long> number(final String file) {
		final String text = text(file).strip();
		return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty(); // "max", or a number beyond all memory
	}

	/** Lines of a name and a number. */
	private Map<String, Long> table(final String file) {
		final Map<String, Long> table = new TreeMap<>();
		for (final String line : text(file).split("\n")) {
			final String[] words = line.split(":?\\s+");
			if (words.length >= 2 && words[1].matches("\\d{1,18}")) table.put(words[0], Long.parseLong(words[1]));
		}
		return table;
	}

	private String text(final String file) {
		try {
			return Files.readString(root.resolve(file));
		}
		catch (final IOException e) {
			return "";
		}
	}
}
