package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** The licences of other projects' jars, as the folder {@code META-INF/licenses} of the plugin's own jar lists them. */
final class Licences {

	/** @param texts files of the folder, or, with a slash, entries of the artifact's own jar */
	record Row(String artifact, String spdx, List<String> texts) {}

	private final Path folder;
	private final Map<String, Row> rows = new LinkedHashMap<>();

	/** @param folder with {@code third-party.txt} and the texts */
	Licences(final Path folder) throws IOException {
		this.folder = folder;
		for (final String line : UpdateSite.lines(folder.resolve("third-party.txt"))) {
			final List<String> words = List.of(line.split("\\s+"));
			rows.put(words.get(0), new Row(words.get(0), words.get(1), words.subList(2, words.size())));
		}
	}

	/** All files of the folder, by the name under which they lie in Fiji or ImageJ. */
	Map<String, Path> files() throws IOException {
		final Map<String, Path> files = new LinkedHashMap<>();
		try (Stream<Path> list = Files.list(folder)) {
			list.sorted().forEach(file -> files.put("licenses/diffedit/" + file.getFileName(), file));
		}
		return files;
	}

	/**
	 * What is wrong with the licence of one jar.
	 *
	 * @param found the licences that its project declares, as SPDX names or in its own words
	 */
	List<String> problems(final String artifact, final List<String> found, final Path jar) throws IOException {
		final Row row = rows.get(artifact);
		if (row == null) return List.of(artifact + " has no row in third-party.txt.");
		final List<String> problems = new ArrayList<>();
		if (found.stream().map(Licences::spdx).noneMatch(row.spdx::equals)) {
			problems.add(artifact + " is listed as " + row.spdx + ", but declares " + found + ".");
		}
		if (row.texts.isEmpty()) problems.add(artifact + " has no text.");
		try (ZipFile entries = new ZipFile(jar.toFile())) {
			for (final String text : row.texts) {
				final boolean there = text.contains("/") ? entries.getEntry(text) != null : Files.isRegularFile(folder.resolve(text));
				if (!there) problems.add("The text " + text + " of " + artifact + " is missing.");
			}
		}
		return problems;
	}

	/** SciJava's projects name their licence in words. */
	private static String spdx(final String licence) {
		return licence.equals("Simplified BSD License") ? "BSD-2-Clause" : licence;
	}
}
