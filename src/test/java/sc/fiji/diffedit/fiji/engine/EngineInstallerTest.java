package sc.fiji.diffedit.fiji.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.tensor.Torch;

/** Engines from a local server and from local files; the libraries in most of these archives are only random bytes. */
class EngineInstallerTest {

	private static final EngineBuild CPU = EngineBuild.cpu();
	private static final String TORCH = System.mapLibraryName("torch");
	private static final String C10 = System.mapLibraryName("c10");

	@TempDir
	private Path folder;
	private InstalledEngines engines;
	private EngineInstaller installer;
	private HttpServer server;
	private final Map<String, byte[]> files = new HashMap<>();
	private final List<String> ranges = new ArrayList<>();
	private int breakAfter = Integer.MAX_VALUE;
	private Optional<Long> announced = Optional.empty();

	@BeforeEach
	void serve() throws IOException {
		engines = new InstalledEngines(folder.resolve("engine"));
		installer = new EngineInstaller(engines);
		server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		server.createContext("/", this::answer);
		server.start();
	}

	@AfterEach
	void stop() {
		server.stop(0);
	}

	private String base() {
		return "http://127.0.0.1:" + server.getAddress().getPort() + "/pytorch";
	}

	private void answer(final HttpExchange exchange) throws IOException {
		final byte[] file = files.get(exchange.getRequestURI().getPath());
		if (file == null) {
			exchange.sendResponseHeaders(404, -1);
			exchange.close();
			return;
		}
		exchange.getResponseHeaders().set("ETag", "\"" + Arrays.hashCode(file) + "\"");
		final String range = exchange.getRequestHeaders().getFirst("Range");
		final boolean same = ("\"" + Arrays.hashCode(file) + "\"").equals(exchange.getRequestHeaders().getFirst("If-Range"));
		final int start = range != null && same ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
		if (range != null) ranges.add(range);
		send(exchange, start > 0 ? 206 : 200, Arrays.copyOfRange(file, start, file.length));
	}

	/** Announces all and sends less when the connection is to break. */
	private void send(final HttpExchange exchange, final int status, final byte[] bytes) throws IOException {
		final boolean head = exchange.getRequestMethod().equals("HEAD");
		if (head) exchange.getResponseHeaders().set("Content-Length", "" + announced.orElse((long) bytes.length));
		exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
		if (!head) {
			final OutputStream out = exchange.getResponseBody();
			out.write(bytes, 0, Math.min(bytes.length, breakAfter));
			out.flush();
		}
		exchange.close();
	}

	private static byte[] random(final int length) {
		final byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private static byte[] gzip(final byte[] bytes) throws IOException {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (OutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		return out.toByteArray();
	}

	private static byte[] zip(final Map<String, byte[]> entries) throws IOException {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(out)) {
			for (final Map.Entry<String, byte[]> entry : entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue());
			}
		}
		return out.toByteArray();
	}

	private static byte[] nativeJar(final String version, final String classifier) throws IOException {
		final String place = "pytorch/cpu/" + classifier + "/";
		return zip(Map.of("native/lib/pytorch.properties",
			("version=" + version + "-20250812\nflavor=cpu\nclassifier=" + classifier + "\n").getBytes(StandardCharsets.UTF_8),
			place + TORCH, random(5000), place + C10, random(70000), "META-INF/MANIFEST.MF", new byte[0]));
	}

	private Path file(final String name, final byte[] content) throws IOException {
		return Files.write(folder.resolve(name), content);
	}

	private void distribution() throws IOException {
		final String place = "cpu/" + CPU.classifier() + "/native/lib/";
		final String root = "/pytorch/" + CPU.version() + "/";
		files.put(root + "files.txt", (place + TORCH + ".gz\n" + place + C10 + ".gz\ncpu/other-os/native/lib/x.gz\n").getBytes(StandardCharsets.UTF_8));
		files.put(root + place + TORCH + ".gz", gzip(random(5000)));
		files.put(root + place + C10 + ".gz", gzip(random(70000)));
	}

	private void assertInstalled(final String message) throws IOException {
		assertEquals(List.of(CPU), engines.list());
		assertArrayEquals(random(5000), Files.readAllBytes(engines.folder(CPU).resolve(TORCH)));
		assertArrayEquals(random(70000), Files.readAllBytes(engines.folder(CPU).resolve(C10)));
		assertTrue(message.startsWith("PyTorch " + CPU + " ("), message);
		assertTrue(message.contains("not the published ") && message.contains(C10), message);
		assertEquals(List.of(), engines.damaged(CPU));
	}

	@Test
	void fromADistributionOnAServer() throws IOException {
		distribution();
		assertInstalled(installer.install("cpu", base()));
		assertTrue(installer.plan("cpu", base()).startsWith("PyTorch " + CPU + ": 0.1 MB from http://127.0.0.1:"), installer.plan("cpu", base()));
	}

	@Test
	void fromAnArchiveOnAServer() throws IOException {
		files.put("/a/native.jar", nativeJar(CPU.version(), CPU.classifier()));
		assertInstalled(installer.install("cpu", base().replace("/pytorch", "/a/native.jar")));
	}

	@Test
	void fromAFileOrAFolder() throws IOException {
		assertInstalled(installer.install("cpu", file("native.jar", nativeJar(CPU.version(), CPU.classifier())).toString()));
		final Path libtorch = file("libtorch.zip", zip(Map.of("libtorch/build-version", (CPU.version() + "+cpu\n").getBytes(StandardCharsets.UTF_8),
			"libtorch/lib/" + TORCH, random(5000), "libtorch/lib/" + C10, random(70000), "libtorch/bin/tool.exe", random(9))));
		assertInstalled(installer.install("cpu", libtorch.toString()));
		distribution();
		for (final Map.Entry<String, byte[]> entry : files.entrySet()) {
			final Path copy = folder.resolve(entry.getKey().substring(1));
			Files.createDirectories(copy.getParent());
			Files.write(copy, entry.getValue());
		}
		assertInstalled(installer.install("cpu", folder.resolve("pytorch").toString()));
	}

	@Test
	void aLibraryThatDoesNotLoadIsToldAndNotUsed() throws IOException {
		final String message = installer.install("cpu", file("native.jar", nativeJar(CPU.version(), CPU.classifier())).toString());
		assertTrue(message.contains("is installed, but does not load here: "), message);
		assertTrue(message.endsWith("install a build that fits this machine."), message);
		assertTrue(engines.choose().isEmpty());
		assertTrue(InstalledEngines.note().startsWith("The library " + CPU + " does not load here ("), InstalledEngines.note());
		assertTrue(InstalledEngines.note().endsWith("the bundled CPU library is used instead."), InstalledEngines.note());
	}

	@Test
	void theRealLibraryLoadsFromItsFolder() throws Exception {
		Torch.start();
		final String message = installer.install("cpu", nativeJarOfTests().toString());
		assertFalse(message.contains("published"), message);
		assertTrue(message.endsWith("is installed in " + engines.folder(CPU) + "; restart to use it, since a process loads one engine only."), message);
		assertEquals(CPU, engines.choose().orElseThrow());
		aByteThatChangesIsFoundBeforeTheLibraryIsLoaded();
	}

	/** Loading such a library ends Java, in a process of its own too, so that nothing would be told. */
	private void aByteThatChangesIsFoundBeforeTheLibraryIsLoaded() throws IOException {
		flipAByte(engines.folder(CPU).resolve(C10));
		assertEquals(Optional.empty(), engines.choose());
		assertTrue(InstalledEngines.note().contains(C10 + " has changed since it was installed; install it again"), InstalledEngines.note());
		flipAByte(engines.folder(CPU).resolve(C10));
		assertEquals(CPU, engines.choose().orElseThrow(), "whole again: tried again");
	}

	private static void flipAByte(final Path file) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
			bytes.seek(bytes.length() / 2);
			final int old = bytes.read();
			bytes.seek(bytes.length() / 2);
			bytes.write(old ^ 1);
		}
		Files.setLastModifiedTime(file, FileTime.from(Files.getLastModifiedTime(file).toInstant().plusSeconds(1)));
	}

	private Path nativeJarOfTests() {
		final String place = getClass().getResource("/native/lib/pytorch.properties").toString();
		return Path.of(URI.create(place.substring("jar:".length(), place.indexOf("!/"))));
	}

	/** A user's first run: a sentence, the installation, and the command again, without a restart. */
	@Test
	void anEngineThatWasMissingIsUsedWithoutARestart() throws Exception {
		final Path jar = nativeJarOfTests();
		final String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(entry -> !entry.endsWith(jar.getFileName().toString())).collect(Collectors.joining(File.pathSeparator));
		final Path log = folder.resolve("log.txt");
		final ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
			"-Djava.awt.headless=true", "-Duser.home=" + folder, "-Ddiffedit.cache=" + folder.resolve("cache"), FirstRun.class.getName(), jar.toString())
				.redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().keySet().removeIf(key -> key.startsWith("PYTORCH_") || key.startsWith("DJL_") || key.startsWith("ENGINE_CACHE"));
		final Process java = builder.start();
		assertTrue(java.waitFor(4, TimeUnit.MINUTES));
		assertEquals(0, java.exitValue(), Files.readString(log));
	}

	@Test
	void aBrokenDownloadGoesOnWhereItStopped() throws IOException {
		files.put("/a/native.jar", nativeJar(CPU.version(), CPU.classifier()));
		final String address = base().replace("/pytorch", "/a/native.jar");
		breakAfter = 30000;
		final DiffEditException broken = assertThrows(DiffEditException.class, () -> installer.install("cpu", address));
		assertTrue(broken.getMessage().endsWith("try again to resume the download."), broken.getMessage());
		assertEquals(List.of(), engines.list());
		breakAfter = Integer.MAX_VALUE;
		ranges.clear();
		assertInstalled(installer.install("cpu", address));
		assertEquals(List.of("bytes=30000-"), ranges);
	}

	@Test
	void anotherFileOnTheServerStartsAgain() throws IOException {
		final String address = base().replace("/pytorch", "/a/native.jar");
		files.put("/a/native.jar", nativeJar("9.9.9", CPU.classifier()));
		breakAfter = 30000;
		assertThrows(DiffEditException.class, () -> installer.install("cpu", address));
		breakAfter = Integer.MAX_VALUE;
		files.put("/a/native.jar", nativeJar(CPU.version(), CPU.classifier()));
		assertInstalled(installer.install("cpu", address));
	}

	@Test
	void aWrongChecksumThrowsTheFileAway() throws IOException {
		files.put("/a/native.jar", nativeJar(CPU.version(), CPU.classifier()));
		files.put("/a/native.jar.sha1", "0123456789012345678901234567890123456789  native.jar".getBytes(StandardCharsets.UTF_8));
		final String address = base().replace("/pytorch", "/a/native.jar");
		final DiffEditException wrong = assertThrows(DiffEditException.class, () -> installer.install("cpu", address));
		assertTrue(wrong.getMessage().contains("instead of 0123456789012345678901234567890123456789"), wrong.getMessage());
		files.put("/a/native.jar.sha1", DigestUtils.sha1Hex(files.get("/a/native.jar")).getBytes(StandardCharsets.UTF_8));
		assertInstalled(installer.install("cpu", address));
	}

	@Test
	void whatIsNotForThisMachineIsRefused() throws IOException {
		assertRefused(nativeJar("2.5.1", CPU.classifier()), "holds PyTorch 2.5.1; DiffEdit needs PyTorch " + CPU.version());
		assertRefused(nativeJar(CPU.version(), "dos-8086"), "is made for dos-8086");
		assertRefused(zip(Map.of("lib/" + TORCH, random(10))), "does not say which version of PyTorch it holds");
		assertRefused(zip(Map.of("libtorch/build-version", CPU.version().getBytes(StandardCharsets.UTF_8))), "holds no " + TORCH);
		assertRefused(zip(Map.of("libtorch/build-version", (CPU.version() + "+cu126").getBytes(StandardCharsets.UTF_8), "libtorch/lib/" + TORCH,
			random(10))), "is the build cu126, for which the plugin has no adapter");
		assertRefused("no zip at all".getBytes(StandardCharsets.UTF_8), "is not a zip archive");
		assertEquals(List.of(), engines.list());
	}

	private void assertRefused(final byte[] archive, final String sentence) throws IOException {
		final String path = file("a.zip", archive).toString();
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> installer.install("cpu", path));
		assertTrue(refused.getMessage().contains(sentence), refused.getMessage());
	}

	@Test
	void onlyLibrariesLeaveAnArchiveAndOnlyByTheirBareNames() throws IOException {
		final byte[] version = (CPU.version() + "+cpu").getBytes(StandardCharsets.UTF_8);
		installer.install("cpu", file("a.zip", zip(Map.of("libtorch/build-version", version, "libtorch/lib/" + TORCH, random(5000),
			"libtorch/lib/../../../evil.so", random(5), "libtorch/lib/run.sh", random(5), "libtorch/lib/deep/more.so", random(5)))).toString());
		try (var all = Files.walk(folder)) {
			final List<String> names = all.map(path -> path.getFileName().toString()).toList();
			assertFalse(names.contains("evil.so") || names.contains("run.sh") || names.contains("more.so"), names.toString());
		}
	}

	@Test
	void aDamagedFileIsFoundAndARemovedBuildIsGone() throws IOException {
		installer.install("cpu", file("native.jar", nativeJar(CPU.version(), CPU.classifier())).toString());
		Files.write(engines.folder(CPU).resolve(C10), random(3));
		assertEquals(List.of(C10), engines.damaged(CPU));
		assertTrue(installer.remove("cpu").startsWith("PyTorch " + CPU + " is removed; "));
		assertEquals(List.of(), engines.list());
		final DiffEditException gone = assertThrows(DiffEditException.class, () -> installer.remove("cpu"));
		assertTrue(gone.getMessage().endsWith("there is nothing."), gone.getMessage());
	}

	@Test
	void aLibraryThatUnpacksWithoutEndIsRefused() throws IOException {
		distribution();
		files.put("/pytorch/" + CPU.version() + "/cpu/" + CPU.classifier() + "/native/lib/" + C10 + ".gz", gzip(new byte[20_000_000]));
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> installer.install("cpu", base()));
		assertTrue(refused.getMessage().contains(C10 + " is larger than announced"), refused.getMessage());
		assertEquals(List.of(), engines.list());
	}

	@Test
	void sizesThatCannotBeAreRefused() throws IOException {
		distribution();
		announced = Optional.of(Long.MAX_VALUE - 5);
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> installer.plan("cpu", base()));
		assertTrue(refused.getMessage().contains("announces libraries of more than"), refused.getMessage());
	}

	@Test
	void aBuildWithoutKnownChecksumsSaysSo() {
		assertTrue(new KnownLibraries().doubts(EngineBuild.here("cu999"), new Properties()).contains("no checksums"));
	}

	@Test
	void theUserCanStopIt() throws IOException {
		files.put("/a/native.jar", nativeJar(CPU.version(), CPU.classifier()));
		final EngineInstaller stopped = new EngineInstaller(engines, (file, bytes, total) -> {
			throw new CancelledException();
		});
		assertThrows(CancelledException.class, () -> stopped.install("cpu", base().replace("/pytorch", "/a/native.jar")));
		assertEquals(List.of(), engines.list());
	}

	@Test
	void noServerNoEngine() {
		final DiffEditException lost = assertThrows(DiffEditException.class, () -> installer.install("cpu", "http://127.0.0.1:1/pytorch"));
		assertTrue(lost.getMessage().endsWith("check the address, or import the library from a file."), lost.getMessage());
		final DiffEditException missing = assertThrows(DiffEditException.class, () -> installer.install("cpu", folder + "/missing.jar"));
		assertTrue(missing.getMessage().startsWith("There is no file or folder"), missing.getMessage());
		final DiffEditException strange = assertThrows(DiffEditException.class, () -> installer.install("cpu", "a\0b"));
		assertTrue(strange.getMessage().contains("cannot be a path here"), strange.getMessage());
	}

	@Test
	void twoInstallationsAtOnceWaitForEachOtherAndNothingIsLeftOfKilledOnes() throws Exception {
		final String archive = file("native.jar", nativeJar(CPU.version(), CPU.classifier())).toString();
		Files.createDirectories(engines.root().resolve(".installing-killed").resolve("lib"));
		final List<String> waits = Collections.synchronizedList(new ArrayList<>());
		final EngineInstaller other = new EngineInstaller(engines, (what, bytes, total) -> waits.add(what));
		final CompletableFuture<String> beside = new CompletableFuture<>();
		final EngineInstaller first = new EngineInstaller(engines, (what, bytes, total) -> {
			if (beside.getNumberOfDependents() == 0) beside.completeAsync(() -> other.install("cpu", archive)).thenAccept(done -> {});
			while (waits.isEmpty()) Thread.onSpinWait();
		});
		assertInstalled(first.install("cpu", archive));
		assertInstalled(beside.get());
		assertEquals("Waiting for another installation", waits.get(0));
		try (Stream<Path> left = Files.list(engines.root())) {
			assertEquals(List.of(), left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".installing-")).toList());
		}
	}
}
