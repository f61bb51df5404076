package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.config.UserSettings;

/**
 * An HTTP client that also reads {@code file:} addresses, which behave like a server without ranges and tags. There are time limits
 * for connecting, for the response headers and for pauses within the body; while waiting, a cancellation check is called several
 * times a second. Redirects are followed, but never from https to http. If a server sends {@code Retry-After}, the request is
 * repeated at that time if it is soon.
 */
final class Http {

	static final int OK = 200;
	static final int PARTIAL = 206;
	static final int BEYOND_END = 416;
	private static final int TOO_MANY = 429;
	private static final int UNAVAILABLE = 503;

	private static final int TRIES = 4;
	private static final long LONGEST_WAIT_S = 60;

	/** The client with the default limits. Servers announce the length of anything larger than 4 GiB. */
	static final Http STANDARD = new Http(HttpClient.newBuilder(), Duration.ofSeconds(20), Duration.ofSeconds(60), 4L << 30);

	private final HttpClient client;
	private final Duration patience;
	private final long mostUnannounced;

	/**
	 * @param builder of the client; limits and redirects are set here
	 * @param connect how long a connection may take
	 * @param patience how long a server may send nothing before and during its response
	 * @param mostUnannounced maximum bytes of a response of unknown length
	 */
	Http(final HttpClient.Builder builder, final Duration connect, final Duration patience, final long mostUnannounced) {
		this.client = builder.followRedirects(Redirect.NORMAL).connectTimeout(connect).build();
		this.patience = patience;
		this.mostUnannounced = mostUnannounced;
	}

	/** Maximum bytes of a response of unknown length. */
	long mostUnannounced() {
		return mostUnannounced;
	}

	/**
	 * A response.
	 *
	 * @param status such as 200
	 * @param length bytes of the body as read; -1 if unknown
	 * @param headers by name in any case
	 * @param body to be closed by the receiver
	 */
	record Answer(int status, long length, java.net.http.HttpHeaders headers, InputStream body) implements AutoCloseable {

		Optional<String> header(final String name) {
			return headers.firstValue(name);
		}

		@Override
		public void close() throws IOException {
			body.close();
		}
	}

	/**
	 * Requests an address.
	 *
	 * @param headers of the request
	 * @param tick called while waiting; what it throws ends the wait
	 * @throws IOException if the server cannot be reached, or does not respond in time
	 */
	Answer get(final URI address, final Map<String, String> headers, final Runnable tick) throws IOException {
		if (isFile(address)) return fileAnswer(Path.of(address));
		for (int left = TRIES - 1;; left--) {
			final Answer response = send(request(address, headers).GET().build(), tick);
			final long wait = left == 0 ? -1 : retryAfter(response);
			if (wait < 0) return response;
			response.close();
			pause(wait, tick);
		}
	}

	/** Requests the size in bytes of the file at an address, -1 if unknown; cancelling the run ends the wait. */
	long size(final URI address) {
		try {
			if (isFile(address)) return Files.size(Path.of(address));
			try (Answer response = send(request(address, Map.of()).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(), Run::check)) {
				return response.status() == OK ? response.length() : -1;
			}
		}
		catch (final IOException e) {
			return -1;
		}
	}

	/**
	 * Downloads a small text; cancelling the run ends the wait.
	 *
	 * @param limit maximum number of bytes read
	 * @throws IOException if it cannot be downloaded
	 */
	String text(final URI address, final int limit) throws IOException {
		try (Answer response = get(address, Map.of(), Run::check)) {
			if (response.status() != OK) throw new IOException("the server answered " + response.status());
			return new String(response.body().readNBytes(limit), StandardCharsets.UTF_8);
		}
	}

	private static boolean isFile(final URI address) {
		return "file".equalsIgnoreCase(address.getScheme());
	}

	private static Answer fileAnswer(final Path file) throws IOException {
		return new Answer(OK, Files.size(file), java.net.http.HttpHeaders.of(Map.of(), (name, value) -> true), Files.newInputStream(file));
	}

	private HttpRequest.Builder request(final URI address, final Map<String, String> headers) throws IOException {
		try {
			final HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience).header("Accept-Encoding", "identity");
			headers.forEach(request::header);
			return request;
		}
		catch (final IllegalArgumentException e) {
			throw new IOException("it is not the address of a server: " + e.getMessage(), e);
		}
	}

	private Answer send(final HttpRequest request, final Runnable tick) throws IOException {
		requireOnline(request.uri());
		final HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = await(client.sendAsync(request, BodyHandlers.ofPublisher()), tick);
		final BodyStream body = new BodyStream(patience, tick);
		response.body().subscribe(body);
		if (isDowngrade(response)) {
			body.close();
			throw new IOException("it leads from https to http, where anybody on the way can change what arrives");
		}
		final boolean packed = response.headers().firstValue("Content-Encoding").filter("gzip"::equalsIgnoreCase).isPresent();
		final long length = packed ? -1 : response.headers().firstValueAsLong("Content-Length").orElse(-1);
		return new Answer(response.statusCode(), length, response.headers(), packed ? new GZIPInputStream(body) : body);
	}

	/** @throws DiffEditException if the user wants no server to be asked */
	private static void requireOnline(final URI address) {
		if (!UserSettings.read().offline()) return;
		throw new DiffEditException("DiffEdit works offline, so " + address.getHost() + " is not asked; untick Offline in Edit > Options > DiffEdit..., or choose a file.");
	}

	/** Java's client follows all redirects except these. */
	private static boolean isDowngrade(final HttpResponse<?> response) {
		final boolean elsewhere = response.statusCode() / 100 == 3 && response.headers().firstValue("Location").filter(to -> to.toLowerCase(Locale.ROOT).startsWith("http:")).isPresent();
		return elsewhere && "https".equalsIgnoreCase(response.uri().getScheme());
	}

	private static <T> T await(final CompletableFuture<T> answer, final Runnable tick) throws IOException {
		try {
			while (true) {
				try {
					return answer.get(BodyStream.TICK_MS, TimeUnit.MILLISECONDS);
				}
				catch (final TimeoutException e) {
					tick.run();
				}
			}
		}
		catch (final ExecutionException e) {
			throw e.getCause() instanceof HttpTimeoutException slow ? new IOException("it does not answer", slow) : new IOException(reason(e.getCause()), e.getCause());
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
		finally {
			answer.cancel(true);
		}
	}

	private static String reason(final Throwable e) {
		return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
	}

	/** The seconds to wait according to {@code Retry-After}; -1 if the server is not busy, sends no number, or asks for too long a wait. */
	private static long retryAfter(final Answer response) {
		if (response.status() != TOO_MANY && response.status() != UNAVAILABLE) return -1;
		return response.header("Retry-After").filter(text -> text.matches("\\d{1,9}")).map(Long::valueOf).filter(seconds -> seconds <= LONGEST_WAIT_S).orElse(-1L);
	}

	private static void pause(final long seconds, final Runnable tick) {
		final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		try {
			for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
				TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(BodyStream.TICK_MS)));
				tick.run();
			}
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}
}
