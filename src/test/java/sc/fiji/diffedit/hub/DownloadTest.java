package sc.fiji.diffedit.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;

/** Downloads from servers that fall silent, lie, change their mind or are busy. Each ends, with a sentence. */
@Timeout(60)
class DownloadTest {

	private static final byte[] CONTENT = new byte[100_000];
	private static final String PASSWORD = "changeit";
	private static final Http HASTY = patient(Duration.ofSeconds(1));

	@TempDir
	private Path folder;
	private HttpServer server;
	private ExecutorService threads;
	private final CountDownLatch over = new CountDownLatch(1);

	private static Http patient(final Duration patience) {
		return new Http(HttpClient.newBuilder(), Duration.ofSeconds(5), patience, 1 << 20);
	}

	@BeforeEach
	void start() throws IOException {
		new Random(7).nextBytes(CONTENT);
		server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		threads = Executors.newCachedThreadPool();
		server.setExecutor(threads);
		server.start();
	}

	@AfterEach
	void stop() {
		over.countDown();
		server.stop(0);
		threads.shutdown();
	}

	private URI serve(final HttpHandler answer) {
		server.createContext("/file", exchange -> {
			if (exchange.getRequestURI().getPath().equals("/file")) answer.handle(exchange);
			else exchange.sendResponseHeaders(404, -1);
			exchange.close();
		});
		return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file");
	}

	private Path fetch(final URI from, final Optional<Expected> expected, final DownloadProgress progress) {
		final Path file = folder.resolve("file.bin");
		new Download(HASTY, from, "file.bin", expected, progress).to(file);
		return file;
	}

	private static Optional<Expected> whole() {
		return Optional.of(new Expected(CONTENT.length, DigestUtils.sha256Hex(CONTENT), false));
	}

	private static void send(final HttpExchange exchange, final int status, final byte[] bytes) throws IOException {
		exchange.sendResponseHeaders(status, bytes.length);
		exchange.getResponseBody().write(bytes);
	}

	private void sendHalfAndFallSilent(final HttpExchange exchange) throws IOException {
		exchange.sendResponseHeaders(200, CONTENT.length);
		final OutputStream out = exchange.getResponseBody();
		out.write(CONTENT, 0, CONTENT.length / 2);
		out.flush();
		await();
	}

	private void await() {
		try {
			over.await();
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private static void says(final String words, final org.junit.jupiter.api.function.Executable action) {
		final String message = assertThrows(DiffEditException.class, action).getMessage();
		assertTrue(message.contains(words), message);
	}

	@Test
	void aServerThatFallsSilentEndsTheDownloadAndWhatHasArrivedIsKept() throws IOException {
		final URI from = serve(this::sendHalfAndFallSilent);
		says("nothing came for 1 s", () -> fetch(from, whole(), DownloadProgress.NONE));
		assertEquals(CONTENT.length / 2, Files.size(folder.resolve("file.bin.part")));
	}

	@Test
	void aServerThatNeverAnswersEndsTheDownload() {
		final URI from = serve(exchange -> await());
		says("does not answer", () -> fetch(from, whole(), DownloadProgress.NONE));
	}

	@Test
	void whoWaitsCanStop() {
		final Http patient = patient(Duration.ofHours(1));
		final URI silent = serve(this::sendHalfAndFallSilent);
		final DownloadProgress halfIsEnough = (file, bytes, total) -> {
			if (bytes == CONTENT.length / 2) throw new CancelledException();
		};
		assertThrows(CancelledException.class, () -> new Download(patient, silent, "file.bin", whole(), halfIsEnough).to(folder.resolve("file.bin")));
	}

	@Test
	void whoWaitsForTheFirstWordCanStop() {
		final Http patient = patient(Duration.ofHours(1));
		final URI from = serve(exchange -> await());
		assertThrows(CancelledException.class, () -> new Download(patient, from, "file.bin", whole(), (file, bytes, total) -> {
			throw new CancelledException();
		}).to(folder.resolve("file.bin")));
	}

	@Test
	void aBusyServerIsAskedAgainWhenItSaid() throws IOException {
		final AtomicInteger calls = new AtomicInteger();
		final URI from = serve(exchange -> {
			exchange.getResponseHeaders().set("Retry-After", "1");
			if (calls.incrementAndGet() == 1) exchange.sendResponseHeaders(503, -1);
			else send(exchange, 200, CONTENT);
		});
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(from, whole(), DownloadProgress.NONE)));
		assertEquals(2, calls.get());
	}

	@Test
	void aServerThatIsBusyForLongIsNotWaitedFor() {
		final URI from = serve(exchange -> {
			exchange.getResponseHeaders().set("Retry-After", "3600");
			exchange.sendResponseHeaders(429, -1);
		});
		says("status 429", () -> fetch(from, whole(), DownloadProgress.NONE));
	}

	@Test
	void packedBodiesAreUnpacked() throws IOException {
		final URI from = serve(exchange -> {
			final ByteArrayOutputStream packed = new ByteArrayOutputStream();
			try (OutputStream gzip = new GZIPOutputStream(packed)) {
				gzip.write(CONTENT);
			}
			exchange.getResponseHeaders().set("Content-Encoding", "gzip");
			send(exchange, 200, packed.toByteArray());
		});
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(from, Optional.empty(), DownloadProgress.NONE)));
	}

	@Test
	void aPartOfAnotherFileIsNotAppended() throws IOException {
		Files.write(folder.resolve("file.bin.part"), new byte[1000]);
		Files.writeString(folder.resolve("file.bin.part.tag"), "\"old\"");
		final URI from = serve(exchange -> {
			final String range = exchange.getRequestHeaders().getFirst("Range");
			exchange.getResponseHeaders().set("ETag", "\"new\"");
			send(exchange, range == null ? 200 : 206, range == null ? CONTENT : Arrays.copyOfRange(CONTENT, 1000, CONTENT.length));
		});
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(from, Optional.empty(), DownloadProgress.NONE)));
	}

	@Test
	void anotherRangeThanAskedForIsNotAppended() throws IOException {
		Files.write(folder.resolve("file.bin.part"), Arrays.copyOf(CONTENT, 1000));
		final URI from = serve(exchange -> {
			final String range = exchange.getRequestHeaders().getFirst("Range");
			if (range != null) exchange.getResponseHeaders().set("Content-Range", "bytes 0-99999/100000");
			send(exchange, range == null ? 200 : 206, CONTENT);
		});
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(from, whole(), DownloadProgress.NONE)));
	}

	@Test
	void aLinkInPlaceOfAPartialFileLeadsNowhere() throws IOException {
		final Path precious = Files.writeString(folder.resolve("precious"), "mine");
		Files.createSymbolicLink(folder.resolve("file.bin.part"), precious);
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(serve(exchange -> send(exchange, 200, CONTENT)), whole(), DownloadProgress.NONE)));
		assertEquals("mine", Files.readString(precious));
	}

	@Test
	void moreThanPromisedIsNotStored() {
		final URI from = serve(exchange -> send(exchange, 200, CONTENT));
		says("longer than the server said", () -> fetch(from, Optional.of(new Expected(10, "0".repeat(64), false)), DownloadProgress.NONE));
	}

	@Test
	void anAnswerThatNeverEndsIsNotStored() {
		final URI from = serve(exchange -> {
			exchange.sendResponseHeaders(200, 0);
			while (over.getCount() > 0) exchange.getResponseBody().write(CONTENT);
		});
		says("goes on after 1048576 bytes", () -> fetch(from, Optional.empty(), DownloadProgress.NONE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "9223372036854775807", "9223372036854774808", "-5", "-9223372036854775808", "99999999999999999999", "many" })
	void lengthsThatCannotBeAreRefused(final String length) throws IOException {
		Files.write(folder.resolve("file.bin.part"), new byte[1000]);
		Files.writeString(folder.resolve("file.bin.part.tag"), "\"t\"");
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			threads.submit(() -> {
				try (Socket client = raw.accept()) {
					client.getInputStream().read(new byte[4096]);
					client.getOutputStream().write(("HTTP/1.1 206 Part\r\nETag: \"t\"\r\nContent-Length: " + length + "\r\n\r\nx").getBytes(StandardCharsets.US_ASCII));
				}
				return null;
			});
			says("could not be fetched", () -> fetch(URI.create("http://127.0.0.1:" + raw.getLocalPort() + "/file"), Optional.empty(), DownloadProgress.NONE));
		}
		assertFalse(Files.exists(folder.resolve("file.bin")));
	}

	@Test
	void aLinkInPlaceOfATagLeadsNowhere() throws IOException {
		final Path precious = Files.writeString(folder.resolve("precious"), "mine");
		Files.createSymbolicLink(folder.resolve("file.bin.part.tag"), precious);
		fetch(serve(exchange -> {
			exchange.getResponseHeaders().set("ETag", "\"t\"");
			send(exchange, 200, CONTENT);
		}), Optional.empty(), DownloadProgress.NONE);
		assertEquals("mine", Files.readString(precious));
	}

	@Test
	void questionsAboutSizeAndTextEndWithTheirRun() {
		final URI from = serve(exchange -> await());
		for (final Runnable question : new Runnable[] { () -> patient(Duration.ofHours(1)).size(from), () -> text(from) }) {
			final Run run = new Run("a question");
			threads.submit(() -> {
				Thread.sleep(300);
				run.cancel();
				return null;
			});
			assertThrows(CancelledException.class, () -> run.call(() -> {
				question.run();
				return null;
			}));
		}
	}

	private static void text(final URI from) {
		try {
			patient(Duration.ofHours(1)).text(from, 10);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	// -- redirects --

	@Test
	void redirectsAreFollowedButNeverFromHttpsToHttp() throws Exception {
		final URI plain = serve(exchange -> send(exchange, 200, CONTENT));
		final Path keys = keys();
		final KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
		final HttpsServer secure = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		try {
			secure.setHttpsConfigurator(new HttpsConfigurator(context(store)));
			secure.createContext("/", exchange -> {
				final String path = exchange.getRequestURI().getPath();
				if (path.equals("/down")) exchange.getResponseHeaders().set("Location", plain.toString());
				if (path.equals("/round")) exchange.getResponseHeaders().set("Location", "/file");
				if (path.equals("/file")) send(exchange, 200, CONTENT);
				else exchange.sendResponseHeaders(302, -1);
				exchange.close();
			});
			secure.start();
			final URI base = URI.create("https://localhost:" + secure.getAddress().getPort());
			final Http trusting = new Http(HttpClient.newBuilder().sslContext(context(store)), Duration.ofSeconds(5), Duration.ofSeconds(5), 1 << 20);
			says("from https to http", () -> new Download(trusting, base.resolve("/down"), "file.bin", whole(), DownloadProgress.NONE).to(folder.resolve("down.bin")));
			new Download(trusting, base.resolve("/round"), "file.bin", whole(), DownloadProgress.NONE).to(folder.resolve("round.bin"));
			assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("round.bin")));
		}
		finally {
			secure.stop(0);
		}
	}

	/** A key that this test alone trusts. */
	private Path keys() throws IOException, InterruptedException {
		final Path keys = folder.resolve("keys.p12");
		final Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname",
			"CN=localhost", "-ext", "san=dns:localhost", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD, "-validity", "2").inheritIO().start();
		assertEquals(0, keytool.waitFor());
		return keys;
	}

	private static SSLContext context(final KeyStore store) throws GeneralSecurityException {
		final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, PASSWORD.toCharArray());
		final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		final SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		return context;
	}

	@Test
	void onlyServersAndFilesAreAddresses() {
		says("not the address of a server", () -> fetch(URI.create("ftp://127.0.0.1/file"), Optional.empty(), DownloadProgress.NONE));
		assertFalse(Files.exists(folder.resolve("file.bin")));
	}

	@Test
	void progressRisesToTheWhole() {
		final long[] last = { -1 };
		fetch(serve(exchange -> send(exchange, 200, CONTENT)), whole(), (file, bytes, total) -> {
			assertTrue(bytes >= last[0] && total == CONTENT.length);
			last[0] = bytes;
		});
		assertEquals(CONTENT.length, last[0]);
	}

	/** Two would mix their bytes in the partial file. */
	@Test
	void aSecondDownloadOfAFileIsRefusedWhileTheFirstGoesOn() throws IOException {
		final URI from = serve(exchange -> send(exchange, 200, CONTENT));
		final List<String> refused = new ArrayList<>();
		final Path file = fetch(from, whole(), (name, bytes, total) -> {
			if (bytes == 0 || !refused.isEmpty()) return;
			refused.add(assertThrows(DiffEditException.class, () -> fetch(from, whole(), DownloadProgress.NONE)).getMessage());
		});
		assertTrue(refused.get(0).startsWith("file.bin is being downloaded already"), refused.get(0));
		assertArrayEquals(CONTENT, Files.readAllBytes(file));
	}

	/** The other one may have completed the file between the question for the rest and its answer; zeros would stand for what it took. */
	@Test
	void theRestOfAPartialFileThatIsGoneIsNotStored() throws IOException {
		final Path part = Files.write(folder.resolve("file.bin.part"), Arrays.copyOf(CONTENT, 1000));
		Files.writeString(folder.resolve("file.bin.part.tag"), "\"t\"");
		final URI from = serve(exchange -> {
			final boolean rest = exchange.getRequestHeaders().getFirst("Range") != null;
			if (rest) Files.delete(part);
			exchange.getResponseHeaders().set("ETag", "\"t\"");
			send(exchange, rest ? 206 : 200, rest ? Arrays.copyOfRange(CONTENT, 1000, CONTENT.length) : CONTENT);
		});
		says("What had arrived of file.bin was taken by another program", () -> fetch(from, Optional.empty(), DownloadProgress.NONE));
		assertArrayEquals(CONTENT, Files.readAllBytes(fetch(from, Optional.empty(), DownloadProgress.NONE)));
	}
}
