package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The program behind {@code scripts/release}: project folder, project jar, its version, then the folder of the release. */
public final class MakeRelease {

	private MakeRelease() {}

	public static void main(final String[] args) throws IOException {
		final Path root = Path.of(args[0]);
		final Path jar = Path.of(args[1]);
		final String version = args[2];
		final Path out = Path.of(args[3]);
		final Jars jars = new Jars(System.getProperty("java.class.path"));
		final UpdateSite site = new UpdateSite(root.resolve("update-site"), jars);
		final Licences licences = new Licences(root.resolve("src/main/resources/META-INF/licenses"));
		final String name = "diffedit-" + version;
		final Path list = Files.copy(root.resolve("target/" + name + ".cdx.json"), out.resolve(name + ".cdx.json"), StandardCopyOption.REPLACE_EXISTING);
		final List<String> problems = new Components(list).problems(site.artifacts(), licences, jars);
		if (!problems.isEmpty()) {
			problems.forEach(System.err::println);
			System.exit(1);
		}
		final InstallZips zips = new InstallZips(site, licences);
		InstallZips.write(zips.fiji(jar, version), out.resolve(name + "-fiji.zip"));
		InstallZips.write(zips.imageJ(jar, jar.resolveSibling(name + "-imagej_menu.jar"), version), out.resolve(name + "-imagej.zip"));
		final List<String> sums = sums(out);
		Files.write(out.resolve("SHA256SUMS"), sums);
		sums.forEach(System.out::println);
		System.out.println("The release is in " + out + ".");
	}

	/** A line for each file of the release, as {@code sha256sum --check} reads it. */
	static List<String> sums(final Path folder) throws IOException {
		final List<String> sums = new ArrayList<>();
		try (Stream<Path> files = Files.walk(folder)) {
			for (final Path file : files.filter(Files::isRegularFile).filter(file -> !file.endsWith("SHA256SUMS")).sorted().toList()) {
				sums.add(sha256(file) + "  " + folder.relativize(file).toString().replace('\\', '/'));
			}
		}
		return sums;
	}

	static String sha256(final Path file) throws IOException {
		try (InputStream in = Files.newInputStream(file); DigestInputStream all = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
			all.transferTo(java.io.OutputStream.nullOutputStream());
			return HexFormat.of().formatHex(all.getMessageDigest().digest());
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every Java has SHA-256", e);
		}
	}
}
