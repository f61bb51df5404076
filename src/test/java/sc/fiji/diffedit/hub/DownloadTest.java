package sc.fiji.diffedit.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;

/** Downloads from servers that fall silent, lie, change their mind or are busy. Each ends, with a sentence. */
@Timeout(60)
class DownloadTest {

	private static final byte[] CONTENT = new byte[100_000];
	private static final Http HASTY = new Http(Duration.ofSeconds(5), Duration.ofSeconds(1));

	@TempDir
	private Path folder;
	private HttpServer server;
	private ExecutorService threads;
	private final CountDownLatch over = new CountDownLatch(1);

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
		final Http patient = new Http(Duration.ofSeconds(5), Duration.ofHours(1));
		final URI silent = serve(this::sendHalfAndFallSilent);
		final DownloadProgress halfIsEnough = (file, bytes, total) -> {
			if (bytes == CONTENT.length / 2) throw new CancelledException();
		};
		assertThrows(CancelledException.class, () -> new Download(patient, silent, "file.bin", whole(), halfIsEnough).to(folder.resolve("file.bin")));
	}

	@Test
	void whoWaitsForTheFirstWordCanStop() {
		final Http patient = new Http(Duration.ofSeconds(5), Duration.ofHours(1));
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
	void onlyServersAndFilesAreAddresses() {
		says("no address of a server", () -> fetch(URI.create("ftp://127.0.0.1/file"), Optional.empty(), DownloadProgress.NONE));
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
}
