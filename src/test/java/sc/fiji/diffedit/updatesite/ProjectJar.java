package sc.fiji.diffedit.updatesite;

import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import sc.fiji.diffedit.DiffEditException;

/** The plugin as a jar, also while tests run on the folder of its classes. */
final class ProjectJar {

	private ProjectJar() {}

	/** The jar that is tested, or one of the classes that are, which is then written into a folder. */
	static Path in(final Path folder) throws Exception {
		final Path classes = Path.of(DiffEditException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		if (Files.isRegularFile(classes)) return classes;
		final Path jar = folder.resolve("project.jar");
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out); Stream<Path> files = Files.walk(classes)) {
			zip.setLevel(1);
			for (final Path file : files.filter(Files::isRegularFile).sorted().toList()) {
				zip.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
				Files.copy(file, zip);
			}
		}
		return jar;
	}
}
