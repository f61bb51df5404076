package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What is unpacked over Fiji or plain ImageJ where there is no internet: names inside of them, and the files that lie there. */
final class InstallZips {

	/** The same content gives the same bytes, on any day and in any time zone. */
	private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

	private final UpdateSite site;
	private final Licences licences;

	InstallZips(final UpdateSite site, final Licences licences) {
		this.site = site;
		this.licences = licences;
	}

	/** For Fiji: what the update site ships, and the licences. */
	Map<String, Path> fiji(final Path projectJar, final String version) throws IOException {
		final Map<String, Path> tree = new LinkedHashMap<>(site.files(projectJar, version));
		tree.putAll(licences.files());
		return tree;
	}

	/** For ImageJ 1.54: the menu in {@code plugins}, where ImageJ looks for menus, and everything else in {@code jars}. */
	Map<String, Path> imageJ(final Path projectJar, final Path menuJar, final String version) throws IOException {
		final Map<String, Path> tree = new LinkedHashMap<>();
		tree.put("plugins/diffedit-" + version + "-imagej_menu.jar", menuJar);
		site.files(projectJar, version).forEach((name, jar) -> tree.put("jars/" + Path.of(name).getFileName(), jar));
		for (final Path jar : site.broughtByFiji()) {
			if (!jar.getFileName().toString().startsWith("ij-")) tree.put("jars/" + jar.getFileName(), jar);
		}
		tree.putAll(licences.files());
		return tree;
	}

	static void write(final Map<String, Path> tree, final Path zip) throws IOException {
		try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream entries = new ZipOutputStream(out)) {
			for (final Map.Entry<String, Path> file : new TreeMap<>(tree).entrySet()) {
				final ZipEntry entry = new ZipEntry(file.getKey());
				entry.setTimeLocal(TIME);
				entries.putNextEntry(entry);
				Files.copy(file.getValue(), entries);
				entries.closeEntry();
			}
		}
	}
}
