package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import sc.fiji.diffedit.CancelledException;

/**
 * The body of an HTTP response as a stream that fails if no bytes arrive within a time limit, and calls a cancellation check
 * several times a second. Java's own body stream waits forever if a server stops sending.
 */
final class BodyStream extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {

	/** Interval of the cancellation check while waiting, in milliseconds. */
	static final int TICK_MS = 200;
	private static final List<ByteBuffer> END = List.of();

	private final BlockingQueue<Object> arrivals = new LinkedBlockingQueue<>();
	private final Queue<ByteBuffer> pieces = new ArrayDeque<>();
	private final Duration silence;
	private final Runnable tick;
	private volatile Flow.Subscription subscription;
	private boolean ended;

	/**
	 * @param silence how long the server may send nothing
	 * @param tick called while the reader waits; what it throws ends the reading
	 */
	BodyStream(final Duration silence, final Runnable tick) {
		this.silence = silence;
		this.tick = tick;
	}

	@Override
	public void onSubscribe(final Flow.Subscription to) {
		subscription = to;
		to.request(1);
	}

	@Override
	public void onNext(final List<ByteBuffer> buffers) {
		arrivals.add(buffers);
	}

	@Override
	public void onError(final Throwable e) {
		arrivals.add(e);
	}

	@Override
	public void onComplete() {
		arrivals.add(END);
	}

	@Override
	public int read() throws IOException {
		final byte[] one = new byte[1];
		return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(final byte[] bytes, final int offset, final int length) throws IOException {
		if (length == 0) return 0;
		while (!ended && !hasPiece()) receive();
		if (ended) return -1;
		final ByteBuffer piece = pieces.element();
		final int count = Math.min(length, piece.remaining());
		piece.get(bytes, offset, count);
		return count;
	}

	private boolean hasPiece() {
		while (!pieces.isEmpty() && !pieces.element().hasRemaining()) pieces.remove();
		return !pieces.isEmpty();
	}

	private void receive() throws IOException {
		final Object arrival = await();
		if (arrival instanceof Throwable failure) throw new IOException(String.valueOf(failure.getMessage()), failure);
		if (arrival == END) {
			ended = true;
			return;
		}
		for (final Object buffer : (List<?>) arrival) pieces.add((ByteBuffer) buffer);
		subscription.request(1);
	}

	private Object await() throws IOException {
		final long limit = System.nanoTime() + silence.toNanos();
		try {
			while (true) {
				final Object arrival = arrivals.poll(TICK_MS, TimeUnit.MILLISECONDS);
				if (arrival != null) return arrival;
				tick.run();
				if (System.nanoTime() > limit) throw new HttpTimeoutException("nothing came for " + silence.toSeconds() + " s");
			}
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}

	@Override
	public void close() {
		if (subscription != null) subscription.cancel();
	}
}
