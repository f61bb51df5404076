package sc.fiji.diffedit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A hub on this machine with one repository, {@code org/name}, whose only branch is {@code main}. */
public final class LocalHub implements AutoCloseable {

	/** The commit of the branch. */
	public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

	/** What the server says of the files in place of the truth; empty for the truth. */
	public volatile String extra = "";
	/** After this many bytes of a file the server hangs up. */
	public volatile int sendAtMost = Integer.MAX_VALUE;
	/** Whether it knows ranges. */
	public volatile boolean ranges = true;

	/** What it sends in place of a file that it has promised. */
	public final Map<String, byte[]> lies = new ConcurrentHashMap<>();

	private final Map<String, byte[]> files = Collections.synchronizedMap(new LinkedHashMap<>());
	private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
	private final HttpServer server;

	/** Serves the files of a folder. */
	public LocalHub(final Path model) throws IOException {
		try (Stream<Path> all = Files.walk(model)) {
			for (final Path file : all.filter(Files::isRegularFile).toList()) files.put(model.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
		}
		server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", this::answer);
		server.start();
	}

	public URI address() {
		return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
	}

	/** Its files by name; may be changed. */
	public Map<String, byte[]> files() {
		return files;
	}

	/** The paths that were requested, with ranges; may be cleared. */
	public List<String> requests() {
		return requests;
	}

	private void answer(final HttpExchange exchange) throws IOException {
		final String path = exchange.getRequestURI().getPath();
		final String range = exchange.getRequestHeaders().getFirst("Range");
		requests.add(path + (range == null ? "" : " " + range));
		byte[] body = new byte[0];
		int status = 404;
		if (path.equals("/api/models/org/name/revision/main")) {
			status = 200;
			body = listing().getBytes(StandardCharsets.UTF_8);
		}
		else if (path.startsWith("/org/name/resolve/" + COMMIT + "/") && files.containsKey(path.substring(19 + COMMIT.length()))) {
			final String name = path.substring(19 + COMMIT.length());
			body = lies.getOrDefault(name, files.get(name));
			status = 200;
			if (range != null && ranges) {
				body = Arrays.copyOfRange(body, Integer.parseInt(range.replaceAll("\\D", "")), body.length);
				status = 206;
			}
		}
		exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
		exchange.getResponseBody().write(body, 0, Math.min(body.length, sendAtMost));
		exchange.close();
	}

	private String listing() {
		final JsonArray siblings = new JsonArray();
		files.forEach((name, content) -> siblings.add(entry(name, content)));
		return "{\"sha\":\"" + COMMIT + "\",\"cardData\":{\"license\":\"bsd-2-clause\"},\"siblings\":" + (extra.isEmpty() ? siblings : extra) + "}";
	}

	private static JsonObject entry(final String name, final byte[] content) {
		final JsonObject file = new JsonObject();
		file.addProperty("rfilename", name);
		file.addProperty("size", content.length);
		file.addProperty("blobId", hash("SHA-1", ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII), content));
		if (name.endsWith("safetensors")) {
			final JsonObject large = new JsonObject();
			large.addProperty("size", content.length);
			large.addProperty("sha256", hash("SHA-256", content));
			file.add("lfs", large);
		}
		return file;
	}

	private static String hash(final String kind, final byte[]... parts) {
		try {
			final MessageDigest digest = MessageDigest.getInstance(kind);
			for (final byte[] part : parts) digest.update(part);
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e);
		}
	}

	@Override
	public void close() {
		server.stop(0);
	}
}
