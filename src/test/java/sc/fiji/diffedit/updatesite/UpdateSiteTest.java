package sc.fiji.diffedit.updatesite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The update site, looked at as Fiji's updater does, and used as Fiji would. */
class UpdateSiteTest {

	private static final Path TRACKED = Path.of("update-site");
	private static final long FIRST = 20261121103938L;
	private static final long SECOND = 20261222000000L;

	@TempDir
	private Path folder;
	private Path description;
	private UpdateSite site;

	@BeforeEach
	void describe() throws IOException {
		description = Files.createDirectory(folder.resolve("description"));
		for (final String name : List.of("site.properties", "files.txt", "fiji-jars.txt")) {
			Files.copy(TRACKED.resolve(name), description.resolve(name));
		}
		Files.writeString(description.resolve("history.xml"), "<pluginRecords/>");
		site = new UpdateSite(description, new Jars(System.getProperty("java.class.path")));
	}

	private Path zip(final String name, final Map<String, String> entries) throws IOException {
		final Path file = folder.resolve(name);
		try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
			for (final Map.Entry<String, String> entry : entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
			}
		}
		return file;
	}

	private static String sha1(final String text) throws Exception {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void theChecksumOfAJarCoversNamesAndContentsInOrder() throws Exception {
		final Map<String, String> entries = new LinkedHashMap<>();
		entries.put("b.txt", "two");
		entries.put("META-INF/MANIFEST.MF", "Created-By: somebody");
		entries.put("a/", "");
		entries.put("a/x.properties", "# Friday\nkey=1\n\n#no comment after an empty line\n#comment\n#\n# neither\n##x\nend");
		final String properties = "\nkey=1\n\n#no comment after an empty line\n\n\n# neither\n\nend";
		assertEquals(sha1("META-INF/MANIFEST.MF" + "a/" + "a/x.properties" + properties + "b.txt" + "two"),
			FijiChecksum.of("jars/some.jar", zip("some.jar", entries)));
	}

	@Test
	void theChecksumOfAnotherFileCoversItsPath() throws Exception {
		final Path macro = Files.writeString(folder.resolve("x.ijm"), "run();");
		assertEquals(sha1("macros/x.ijmrun();"), FijiChecksum.of("macros/x.ijm", macro));
	}

	@Test
	void theVerifierAcceptsTheSite() throws Exception {
		final Path out = Files.createDirectory(folder.resolve("site"));
		final SiteDatabase database = site.build(site.files(ProjectJar.in(folder), "0.1.0"), out, FIRST);
		assertEquals(List.of(), new SiteVerifier(out).problems());
		assertEquals(List.of("plugins/diffedit.jar", "jars/djl-api.jar", "jars/djl-pytorch-engine.jar", "jars/djl-pytorch-jni.jar",
			"jars/djl-tokenizers.jar"), new ArrayList<>(database.records().keySet()));
		assertTrue(Files.exists(out.resolve("plugins/diffedit-0.1.0.jar-" + FIRST)));
		long bytes = 0;
		for (final SiteRecord record : database.records().values()) bytes += record.current().size();
		assertTrue(bytes < 100_000_000, "Fiji's updater must be able to fetch it: " + bytes);
	}

	@Test
	void theVerifierSeesDamage() throws Exception {
		final Path out = Files.createDirectory(folder.resolve("site"));
		final Path one = zip("one.jar", Map.of("a", "1"));
		site.build(Map.of("plugins/one-1.0.jar", one), out, FIRST);
		final Path payload = out.resolve("plugins/one-1.0.jar-" + FIRST);
		final byte[] whole = Files.readAllBytes(payload);
		Files.write(payload, java.util.Arrays.copyOf(whole, whole.length - 1));
		assertEquals(List.of("plugins/one-1.0.jar-" + FIRST + " has " + (whole.length - 1) + " bytes instead of " + whole.length + "."),
			new SiteVerifier(out).problems());
		Files.copy(zip("other.jar", Map.of("a", "2")), payload, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
		assertEquals(List.of("plugins/one-1.0.jar-" + FIRST + " is not what its checksum says."), new SiteVerifier(out).problems());
		Files.delete(payload);
		assertEquals(List.of("plugins/one-1.0.jar-" + FIRST + " is missing."), new SiteVerifier(out).problems());
		site.build(Map.of("jars/linux64/api-1.0.jar", one), out, FIRST);
		assertEquals(1, new SiteVerifier(out).problems().size());
		site.build(Map.of("jars/api-1.0.jar", one), out, FIRST);
		assertEquals(List.of("jars/api-1.0.jar hides a file of Fiji or of another plugin."), new SiteVerifier(out).problems());
	}

	@Test
	void aReleaseRemembersWhatWasThereBefore() throws Exception {
		final Path out = Files.createDirectory(folder.resolve("site"));
		final Path same = zip("same.jar", Map.of("a", "same"));
		final SiteDatabase first = site.build(Map.of("plugins/one-1.0.jar", zip("one.jar", Map.of("a", "1")), "jars/same-2.0.jar", same,
			"jars/gone-3.0.jar", zip("gone.jar", Map.of("a", "3"))), out, FIRST);
		site.release(first);
		final SiteDatabase second = site.build(Map.of("plugins/one-1.1.jar", zip("one.jar", Map.of("a", "1.1")), "jars/same-2.0.jar", same), out, SECOND);
		site.release(second);
		assertEquals(List.of(), new SiteVerifier(out).problems());
		final Map<String, SiteRecord> read = site.history().records();
		assertEquals(second.records(), read, "what is written is what is read");
		final SiteRecord one = read.get("plugins/one.jar");
		assertEquals("plugins/one-1.1.jar", one.name());
		assertEquals(first.records().get("plugins/one.jar").current().checksum(), one.previous().get(0).checksum());
		assertEquals("plugins/one-1.0.jar", one.previous().get(0).name());
		assertEquals(SECOND, one.previous().get(0).obsolete());
		assertNotEquals(one.previous().get(0).checksum(), one.current().checksum());
		assertEquals(FIRST, read.get("jars/same.jar").current().timestamp(), "an unchanged file keeps its time");
		assertNull(read.get("jars/gone.jar").current(), "a file that is no longer shipped is obsolete");
		assertThrows(IllegalStateException.class, () -> site.build(Map.of("plugins/one-1.2.jar", zip("one.jar", Map.of("a", "1.2"))), out, FIRST));
	}

	@Test
	void theTrackedHistoryCanBeRead() throws Exception {
		final UpdateSite tracked = new UpdateSite(TRACKED, new Jars(System.getProperty("java.class.path")));
		tracked.history().records().values().forEach(record -> assertFalse(record.name().isEmpty()));
	}
}
