package sc.fiji.diffedit.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import sc.fiji.diffedit.tensor.Scope;

/**
 * What this process holds when Java's garbage is collected.
 *
 * @param values native values
 * @param files open files; 0 where the system does not tell
 * @param maps mapped files of models
 * @param megabytes of memory; 0 where the system does not tell
 */
record ProcessMemory(long values, long files, long maps, long megabytes) {

	private static final Path SELF = Path.of("/proc/self");
	private static final int KILOBYTES = 1024;

	static ProcessMemory now() throws IOException {
		System.gc();
		if (!Files.isDirectory(SELF)) return new ProcessMemory(Scope.liveValues(), 0, 0, 0);
		try (Stream<Path> files = Files.list(SELF.resolve("fd")); Stream<String> maps = Files.lines(SELF.resolve("maps")); Stream<String> status = Files.lines(SELF.resolve("status"))) {
			final long resident = status.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
			return new ProcessMemory(Scope.liveValues(), files.count(), maps.filter(line -> line.matches(".*[.](safetensors|bin|pt|gguf|ckpt)( .*)?")).count(), resident / KILOBYTES);
		}
	}

	@Override
	public String toString() {
		return megabytes + " MB, " + files + " files";
	}
}
