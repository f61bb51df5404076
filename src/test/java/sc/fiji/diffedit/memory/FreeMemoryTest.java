package sc.fiji.diffedit.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.tensor.Device;

/** What is free is what the kernel and the control groups leave, whichever is less. */
class FreeMemoryTest {

	private static final long GIB = 1L << 30;

	@TempDir
	private Path root;

	private void write(final String file, final String text) throws IOException {
		final Path path = root.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, text);
	}

	private void meminfo() throws IOException {
		write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n");
	}

	private void assertMemory(final long total, final long available) {
		final FreeMemory memory = new FreeMemory(root);
		assertEquals(total, memory.total(Device.CPU));
		assertEquals(available, memory.available(Device.CPU));
	}

	@Test
	void withoutGroupsTheKernelSays() throws IOException {
		meminfo();
		assertMemory(16 * GIB, 8 * GIB);
	}

	@Test
	void aGroupOfVersion2BindsAndMappedFilesCountAsFree() throws IOException {
		meminfo();
		write("proc/self/cgroup", "0::/batch/job\n");
		write("sys/fs/cgroup/batch/memory.max", String.valueOf(4 * GIB));
		write("sys/fs/cgroup/batch/memory.current", String.valueOf(3 * GIB));
		write("sys/fs/cgroup/batch/memory.stat", "anon 1073741824\ninactive_file 1073741824\nactive_file 536870912\n");
		write("sys/fs/cgroup/batch/job/memory.max", "max\n");
		assertMemory(4 * GIB, 4 * GIB - 3 * GIB + GIB + GIB / 2);
	}

	@Test
	void aGroupOfVersion1BindsWhereOnlyItsTopIsSeen() throws IOException {
		meminfo();
		write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/docker/abc\n0::/\n");
		write("sys/fs/cgroup/memory/memory.limit_in_bytes", String.valueOf(2 * GIB));
		write("sys/fs/cgroup/memory/memory.usage_in_bytes", String.valueOf(GIB));
		write("sys/fs/cgroup/memory/memory.stat", "inactive_file 5\ntotal_inactive_file 1048576\n");
		assertMemory(2 * GIB, GIB + 1048576);
	}

	@Test
	void aGroupWithoutALimitDoesNotBind() throws IOException {
		meminfo();
		write("proc/self/cgroup", "4:memory:/\n");
		write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
		write("sys/fs/cgroup/memory/memory.usage_in_bytes", "12\n");
		assertMemory(16 * GIB, 8 * GIB);
	}

	@Test
	void elsewhereTheOperatingSystemSays() {
		final FreeMemory memory = new FreeMemory(root);
		assertTrue(memory.total(Device.CPU) > GIB / 4);
		assertTrue(memory.available(Device.CPU) <= memory.total(Device.CPU));
	}
}
