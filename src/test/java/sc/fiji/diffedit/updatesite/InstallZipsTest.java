package sc.fiji.diffedit.updatesite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.tensor.LoadedEngine;

/** The zips for machines without internet, unpacked into empty trees and used from there, without network. */
@EnabledForJreRange(max = JRE.JAVA_23, disabledReason = "Newer Javas have no security manager, which sees each use of the network")
class InstallZipsTest {

	private static final Path LICENCES = Path.of("src/main/resources/META-INF/licenses");
	/** Java's words for the engine that this process has loaded. */
	private static final List<String> LOADED = List.of("-DPYTORCH_LIBRARY_PATH=" + LoadedEngine.folder(), "-DPYTORCH_FLAVOR=cpu");
	private static final String ENGINE = "ai.djl.pytorch:pytorch-native-cpu";

	@TempDir
	private Path folder;
	private Jars jars;
	private UpdateSite site;
	private InstallZips zips;

	@BeforeEach
	void describe() throws Exception {
		jars = new Jars(System.getProperty("java.class.path"));
		site = new UpdateSite(Path.of("update-site"), jars);
		zips = new InstallZips(site, new Licences(LICENCES));
	}

	private InstalledTree unpacked(final Map<String, Path> tree) throws Exception {
		final Path zip = folder.resolve("install.zip");
		InstallZips.write(tree, zip);
		return new InstalledTree(zip, Files.createDirectory(folder.resolve("tree")));
	}

	private Path menuJar() throws Exception {
		final Path jar = folder.resolve("menu.jar");
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream entries = new ZipOutputStream(out)) {
			entries.putNextEntry(new ZipEntry("plugins.config"));
			Files.copy(Path.of("src/main/resources/sc/fiji/diffedit/fiji/bridge/plugins.config"), entries);
		}
		return jar;
	}

	/** With the zip's jars, the jars that Fiji brings in the versions of pom-scijava 45.0.0, and nothing else. */
	@Test
	@Timeout(300)
	void fijiRunsFromItsZipAndAsksNothingOfTheNetwork() throws Exception {
		final InstalledTree fiji = unpacked(zips.fiji(ProjectJar.in(folder), "0.1.0"));
		final List<String> classPath = new ArrayList<>(fiji.jars());
		site.broughtByFiji().forEach(jar -> classPath.add(jar.toString()));
		final String report = fiji.start(SiteStart.class, classPath, LOADED, List.of());
		assertTrue(report.contains("Jars: no conflicts"), report);
		assertTrue(report.contains("Self-test: the demo model loaded and made one step on "), report);
		assertTrue(report.contains("Demo: img[\"") && report.contains("128x128"), report);
		assertTrue(report.contains("\nNetwork: \n"), report);
	}

	/** ImageJ's own class loader finds everything in the zip. */
	@Test
	@Timeout(300)
	void plainImageJRunsFromItsZipAndAsksNothingOfTheNetwork() throws Exception {
		maskInImageJ(LOADED);
	}

	/** As a user without internet does it: the zip, the engine from a file, a mask. */
	@Test
	@Tag("long")
	@Timeout(300)
	void plainImageJRunsFromItsZipWithAnEngineFromAFile() throws Exception {
		maskInImageJ(List.of("-Ddiffedit.cache=" + folder.resolve("cache")), jars.of(ENGINE).toString());
	}

	private void maskInImageJ(final List<String> properties, final String... engine) throws Exception {
		final InstalledTree imageJ = unpacked(zips.imageJ(ProjectJar.in(folder), menuJar(), "0.1.0"));
		final Path tree = folder.resolve("tree");
		final List<String> all = new ArrayList<>(properties);
		all.add("-Dplugins.dir=" + tree);
		final List<String> words = new ArrayList<>(List.of(Path.of("src/main/resources/sc/fiji/diffedit/demo/samples/08.png").toString()));
		words.addAll(List.of(engine));
		final String report = imageJ.start(ImageJStart.class, List.of(jars.of("net.imagej:ij").toString()), all, words);
		assertTrue(report.contains("Jar: file:" + tree.resolve("jars/diffedit-0.1.0.jar")), report);
		assertTrue(report.contains("Generate Mask..., "), report);
		assertTrue(report.contains("Mask: Roi["), report);
		assertTrue(report.contains("\nNetwork: \n"), report);
	}

	@Test
	void fijiGetsNoJarThatItHas() throws Exception {
		final Set<String> names = zips.fiji(folder, "0.1.0").keySet();
		for (final Path jar : site.broughtByFiji()) {
			final String artifact = jar.getParent().getParent().getFileName().toString();
			assertTrue(names.stream().noneMatch(name -> name.startsWith("jars/" + artifact + "-")), artifact);
		}
	}

	@Test
	void partsWithoutPlaceOrLicenceAreNamed() throws Exception {
		final Licences licences = new Licences(LICENCES);
		final Path list = Files.writeString(folder.resolve("parts.json"), """
			{"components": [
			{"group": "com.google.code.gson", "name": "gson", "licenses": [{"license": {"id": "MIT"}}]},
			{"group": "net.imagej", "name": "ij", "licenses": [{"license": {"name": "Public domain"}}]},
			{"group": "org.openjdk.jmh", "name": "jmh-core"}
			]}""");
		assertEquals(List.of("com.google.code.gson:gson is listed as Apache-2.0, but declares [MIT].",
			"org.openjdk.jmh:jmh-core is needed, but stands neither in files.txt nor in fiji-jars.txt.",
			"org.openjdk.jmh:jmh-core has no row in third-party.txt.", "commons-io:commons-io is listed, but not needed."),
			new Components(list).problems(Set.of("com.google.code.gson:gson", "commons-io:commons-io"), licences, jars));
	}

	@Test
	void everythingThatIsShippedHasALicenceAndItsText() throws Exception {
		final Licences licences = new Licences(LICENCES);
		for (final String artifact : site.artifacts()) {
			final List<String> problems = licences.problems(artifact, List.of(), jars.of(artifact));
			assertEquals(1, problems.size(), () -> problems.toString());
			assertTrue(problems.get(0).endsWith("but declares []."), problems.get(0));
		}
	}

	@Test
	void theSameContentGivesTheSameZip() throws Exception {
		final Path one = Files.writeString(folder.resolve("one.txt"), "1");
		InstallZips.write(Map.of("a/one.txt", one, "b/one.txt", one), folder.resolve("first.zip"));
		assertTrue(one.toFile().setLastModified(0));
		InstallZips.write(Map.of("b/one.txt", one, "a/one.txt", one), folder.resolve("second.zip"));
		assertEquals(-1, Files.mismatch(folder.resolve("first.zip"), folder.resolve("second.zip")));
		final List<String> sums = MakeRelease.sums(folder);
		assertTrue(sums.contains("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  one.txt"), sums.toString());
	}

	@Test
	void theWatchSeesEachWayToTheNetwork() throws Exception {
		final InstalledTree tree = unpacked(Map.of());
		final String report = tree.start(NetworkStart.class, List.of(), List.of(), List.of());
		assertTrue(report.contains("socket seen") && report.contains("channel seen") && report.contains("name seen") && report.contains("client seen"), report);
	}
}
