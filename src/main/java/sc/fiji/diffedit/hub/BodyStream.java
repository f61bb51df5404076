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
 * The body of an answer as a stream that never waits longer than a limit for the next bytes, and that asks several times a
 * second whether to go on. Java's own stream over a body waits for ever when a server falls silent.
 */
final class BodyStream extends InputStream implements Flow.Subscriber<List<ByteBuffer>> {

	/** How often a waiting reader asks whether to go on, in milliseconds. */
	static final int TICK_MS = 200;
	private static final List<ByteBuffer> END = List.of();

	private final BlockingQueue<Object> arrivals = new LinkedBlockingQueue<>();
	private final Queue<ByteBuffer> pieces = new ArrayDeque<>();
	private final Duration silence;
	private final Runnable tick;
	private volatile Flow.Subscription subscription;
	private boolean ended;

	/**
	 * @param silence how long nothing may come
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
