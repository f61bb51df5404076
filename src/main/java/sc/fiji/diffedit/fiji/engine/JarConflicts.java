package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds libraries that are on the class path more than once; Java uses the first, which may be too old for DiffEdit. */
final class JarConflicts {

	private static final Map<String, String> WATCHED = watched();

	private final ClassLoader loader;

	JarConflicts(final ClassLoader loader) {
		this.loader = loader;
	}

	private static Map<String, String> watched() {
		final Map<String, String> watched = new LinkedHashMap<>();
		watched.put("jna", "com/sun/jna/Native.class");
		watched.put("gson", "com/google/gson/Gson.class");
		watched.put("slf4j-api", "org/slf4j/Logger.class");
		watched.put("commons-compress", "org/apache/commons/compress/archivers/ArchiveEntry.class");
		watched.put("imglib2", "net/imglib2/RandomAccessibleInterval.class");
		watched.put("scijava-common", "org/scijava/Context.class");
		watched.put("DJL api", "ai/djl/Device.class");
		watched.put("DJL pytorch-engine", "ai/djl/pytorch/engine/PtEngine.class");
		watched.put("DJL pytorch-jni", "jnilib/pytorch.properties");
		watched.put("PyTorch native library", "native/lib/pytorch.properties");
		watched.put("DiffEdit", "sc/fiji/diffedit/DiffEditException.class");
		return watched;
	}

	/** The locations of a library's classes, in class path order. */
	Set<String> places(final String entry) {
		final Set<String> places = new LinkedHashSet<>();
		try {
			for (final URL url : Collections.list(loader.getResources(entry))) {
				places.add(url.toString().replaceFirst("^jar:", "").replaceFirst("^file:", "").replaceFirst("!?/?" + entry + "$", ""));
			}
		}
		catch (final IOException e) {
			places.add("unreadable class path: " + e.getMessage());
		}
		return places;
	}

	/** One line per duplicate or missing library. */
	List<String> lines() {
		final List<String> lines = new ArrayList<>();
		WATCHED.forEach((name, entry) -> {
			final List<String> places = List.copyOf(places(entry));
			if (places.size() > 1) {
				lines.add(name + " is there " + places.size() + " times; Java uses " + places.get(0) + " and hides "
					+ String.join(", ", places.subList(1, places.size())) + ". Remove the older one.");
			}
			if (places.isEmpty() && !name.equals("PyTorch native library")) lines.add(name + " is missing; install DiffEdit again.");
		});
		return lines;
	}
}
