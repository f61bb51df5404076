package sc.fiji.diffedit.benchmark.kernels;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsFile;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/** Opening a safetensors file and handing all its tensors, 256 kB each, to libtorch; the file lies in the page cache. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class FilesBenchmark extends NativeState {

	@Param({ "10", "686" })
	private int tensors;

	private Path file;

	@Override
	void prepare() {
		final Map<String, Tensor> content = new LinkedHashMap<>();
		final Tensor any = numbers.randn(DType.FLOAT32, 256, 256);
		for (int i = 0; i < tensors; i++) content.put("tensor." + i, any);
		try {
			file = Files.createTempFile("benchmark", ".safetensors");
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		SafetensorsWriter.write(file, content, Map.of());
	}

	@Override
	void release() {
		try {
			Files.delete(file);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	@Benchmark
	public void map() {
		try (SafetensorsFile opened = SafetensorsFile.open(file); Scope scope = Scope.open()) {
			opened.names().forEach(opened::get);
		}
	}
}
