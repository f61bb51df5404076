package sc.fiji.diffedit.faults;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.apache.commons.io.file.PathUtils;

/** Measures by how much a small edit differs where one circumstance differs, each in a Java of its own, and prints lines of a table. */
final class MeasuredDifferences {

	private static final float[] NO_VALUES = {};

	private MeasuredDifferences() {}

	/** By the words that the page on trust has for them, in its order. */
	static Map<String, OtherJava> circumstances() {
		final Map<String, OtherJava> all = new LinkedHashMap<>();
		all.put("the same again", new OtherJava());
		all.put("two threads", new OtherJava().where("OMP_NUM_THREADS", "2"));
		all.put("`ATEN_CPU_CAPABILITY=default`, `ONEDNN_MAX_CPU_ISA=SSE41`, `MKL_ENABLE_INSTRUCTIONS=SSE4_2`", new OtherJava().where("ATEN_CPU_CAPABILITY", "default")
			.where("ONEDNN_MAX_CPU_ISA", "SSE41").where("MKL_ENABLE_INSTRUCTIONS", "SSE4_2"));
		for (final String preset : new String[] { "fast", "balanced", "low", "lowest" }) all.put("memory preset `" + preset + "`", memory("preset=" + preset));
		all.put("memory plan `preset=fast;packed=off`", memory("preset=fast;packed=off"));
		all.put("tiles: memory plan `preset=fast;tile_size=64`; the networks see parts of the image", memory("preset=fast;tile_size=64"));
		for (final String path : new String[] { "none", "packed-weights" }) all.put("`-Ddiffedit.fastPaths=" + path + "`", new OtherJava().with("-Ddiffedit.fastPaths=" + path));
		for (final String type : new String[] { "bfloat16", "float16" }) all.put("element type `" + type + "`", new OtherJava().with("-Ddiffedit.dtype=" + type));
		return all;
	}

	private static OtherJava memory(final String plan) {
		return new OtherJava().with("-Ddiffedit.memory=" + plan);
	}

	public static void main(final String[] arguments) throws Exception {
		final Path folder = Files.createTempDirectory("diffedit-differences");
		try {
			final float[] plain = values(new OtherJava(), folder);
			for (final Map.Entry<String, OtherJava> one : circumstances().entrySet()) System.out.println("| " + one.getKey() + " | " + difference(plain, values(one.getValue(), folder)) + " |");
		}
		finally {
			PathUtils.deleteDirectory(folder);
		}
	}

	/** Of the edited picture, 0 to 1; none if it was refused. */
	private static float[] values(final OtherJava java, final Path folder) throws Exception {
		final Path file = folder.resolve(OneEdit.VALUES), output = folder.resolve("output.txt");
		Files.deleteIfExists(file);
		final String said = OtherJava.ended(java.start(OneEdit.class, output, folder.toString()), output);
		if (!Files.exists(file)) {
			System.err.println(said);
			return NO_VALUES;
		}
		final FloatBuffer floats = ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer();
		final float[] values = new float[floats.remaining()];
		floats.get(values);
		return values;
	}

	/** In grey levels of 8 bits. */
	private static String difference(final float[] plain, final float[] other) {
		if (other.length != plain.length) return "refused";
		double most = 0, sum = 0;
		int different = 0;
		for (int i = 0; i < plain.length; i++) {
			final double difference = Math.abs((double) plain[i] - other[i]) * 255;
			most = Math.max(most, difference);
			sum += difference;
			if (Math.round(plain[i] * 255) != Math.round(other[i] * 255)) different++;
		}
		return String.format(Locale.ROOT, "%.2g | %.2g | %.2f %%", most, sum / plain.length, 100.0 * different / plain.length);
	}
}
