package sc.fiji.diffedit.updatesite;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Tries the ways to the network that Java has, and writes which of them {@link NoNetwork} saw. */
public final class NetworkStart {

	private static final String ADDRESS = "192.0.2.1"; // for documentation: nobody has it

	private final StringBuilder seen = new StringBuilder();
	private final NoNetwork network = NoNetwork.watch();

	public static void main(final String[] args) throws Exception {
		final NetworkStart start = new NetworkStart();
		start.attempt("socket", () -> new Socket(ADDRESS, 80));
		start.attempt("channel", () -> SocketChannel.open(new InetSocketAddress(ADDRESS, 80)));
		start.attempt("name", () -> InetAddress.getByName("name.invalid"));
		start.attempt("client", () -> HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://" + ADDRESS)).build(),
			HttpResponse.BodyHandlers.discarding()));
		Files.writeString(Path.of(args[0]), start.seen);
	}

	private void attempt(final String way, final Callable<?> attempt) {
		final String before = network.attempts();
		try {
			attempt.call();
		}
		catch (final Exception e) {
			seen.append(way).append(network.attempts().equals(before) ? " missed: " + e : " seen").append('\n');
		}
	}
}
