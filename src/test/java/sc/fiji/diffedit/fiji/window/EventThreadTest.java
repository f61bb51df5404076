package sc.fiji.diffedit.fiji.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.FutureTask;

import javax.swing.SwingUtilities;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.process.ByteProcessor;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.Edits;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Guide;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.tensor.MaskBits;
import sc.fiji.diffedit.tensor.Picture;

/**
 * The event thread never does the window's heavy work. A second thread looks every millisecond what the event thread does, on an image so
 * large that each piece of that work takes many milliseconds.
 */
@Timeout(120)
class EventThreadTest {

	private static final int SIDE = 1600, FACTOR = 8;
	/** Where the work is done, and with a method where a class has light ones too. */
	private static final Set<String> HEAVY = Set.of("fiji.Runs", "fiji.Masks.pixels", "fiji.Outline", "fiji.MaskText", "fiji.DisplayedPlane", "fiji.layer.LayerPicture", "fiji.window.MaskLook.of", "fiji.window.MaskLook.picture", "fiji.window.MaskLook$Heat.histogram", "pipelines.Smoothing", "pipelines.ShapeChange",
		"pipelines.GuidedFilter", "tensor.Planes", "tensor.Quantiles.find", "fiji.AutoThreshold.cut", "pipelines.Threshold.mask", "pipelines.DifferenceMap.above", "tensor.MaskBits.from", "tensor.MaskBits.grown",
		"tensor.MaskBits.mask");

	private final Set<String> seen = new ConcurrentSkipListSet<>();
	/** Held here: sessions let images go that nobody else has. */
	private ImagePlus image;
	private Session session;
	private Thread watch;
	private volatile Thread events;
	private volatile boolean ended;
	private MaskOverlay overlay;
	private volatile MaskLook look;

	@BeforeEach
	void watchTheEventThread() {
		events = onEventThread(Thread::currentThread);
		watch = new Thread(() -> {
			while (!ended) {
				SwingUtilities.invokeLater(() -> events = Thread.currentThread());   // one that has nothing to do for a second may end, and another begin
				for (final StackTraceElement frame : events.getStackTrace()) {
					final String name = frame.getClassName().replace("sc.fiji.diffedit.", "");
					seen.addAll(List.of(name, name + "." + frame.getMethodName()));
				}
				IJ.wait(1);
			}
		});
		watch.start();
		session = onEventThread(() -> new Session(SharedContext.get()));
		overlay = new MaskOverlay(session, shown -> look = shown.orElse(null));
	}

	@AfterEach
	void end() throws InterruptedException {
		ended = true;
		watch.join();
		onEventThread(() -> {
			overlay.close();
			return null;
		});
	}

	private static <T> T onEventThread(final Callable<T> work) {
		try {
			final FutureTask<T> task = new FutureTask<>(work);
			SwingUtilities.invokeAndWait(task);
			return task.get();
		}
		catch (final ReflectiveOperationException | InterruptedException | java.util.concurrent.ExecutionException e) {
			throw new IllegalStateException(e);
		}
	}

	/** A disc that is hot, in a map that follows a picture. */
	private static LocatedMap map() {
		final int side = SIDE / FACTOR;
		final float[] heat = new float[side * side];
		for (int i = 0; i < heat.length; i++) heat[i] = (float) Math.exp(-Math.hypot(i % side - side / 2, i / side - side / 2) / 30);
		final MaskResult found = MaskResult.of(List.of(new DifferenceMap(side, side, heat)), List.of(new Guide(new Picture(SIDE, SIDE, 3, new float[3 * SIDE * SIDE]), FACTOR)), MaskRequest.DEFAULTS);
		return new LocatedMap(found, new Rectangle(SIDE, SIDE), Optional.empty(), FACTOR, SIDE, SIDE, new Position(1, 1, 1));
	}

	private void follow(final LocatedMap map) {
		onEventThread(() -> {
			image = new ImagePlus("large", new ByteProcessor(SIDE, SIDE));
			session.follow(image);
			final MaskSettings settings = new MaskSettings("Top", 0.5, 3, MaskShape.PLAIN);
			session.returnTo(MaskState.of(map, Provenance.of("mask"), Map.of("target", "x"), settings, session.state().orElseThrow()));
			return null;
		});
	}

	private void move(final String slider, final Object value) {
		onEventThread(() -> {
			session.answers().setInput(slider, value);
			session.answered();
			return null;
		});
		while (onEventThread(() -> look == null || look.state() != session.state().orElseThrow())) IJ.wait(5);
	}

	private Set<String> heavy() {
		final Set<String> heavy = new TreeSet<>(seen);
		heavy.retainAll(HEAVY);
		return heavy;
	}

	@Test
	void sees() {
		final LocatedMap map = map();
		for (int i = 0; i < 1000 && heavy().isEmpty(); i++) {   // a busy machine may look away for as long as it takes
			onEventThread(() -> map.smoothed(new MaskSettings("Top", 0.5, 3, MaskShape.PLAIN).cut(), MaskShape.PLAIN.withSmoothMap(9)));
		}
		assertTrue(heavy().contains("pipelines.Smoothing"), "what the event thread does is seen: " + heavy());
	}

	@Test
	void slidersMasksAndEditsAreComputedElsewhere() {
		follow(map());
		for (final String method : List.of("Quantile", "Ratio", "Otsu", "Top")) move("threshold", method);
		move("thresholdLevel", 0.4);
		move("smoothMap", 12.0);
		move("holes", 500);
		move("smallest", 500);
		move("grow", 20.0);
		onEventThread(() -> {
			session.image().orElseThrow().setRoi(new OvalRoi(50, 50, 1400, 1200));
			session.correct(true);
			return null;
		});
		onEventThread(() -> {
			session.edits().start(Edits.settings(Map.of("target", "x"), "1", "0.6"));
			return null;
		});
		while (onEventThread(() -> session.job().sentence().startsWith("Preparing"))) IJ.wait(5);
		onEventThread(() -> {
			session.job().cancel();
			return null;
		});
		while (onEventThread(() -> session.job().isBusy() || session.history().entries().isEmpty())) IJ.wait(5);
		assertEquals(Set.of(), heavy(), "done by the event thread");
		assertFalse(seen.isEmpty());
	}

	@Test
	void anEditOverTheImageIsDrawnElsewhere() {
		image = new ImagePlus("large", new ByteProcessor(SIDE, SIDE));
		final Edit edit = new Edit(new WeakReference<>(image), Map.of(), MaskBits.of(Masks.of(new OvalRoi(50, 50, 1400, 1200), SIDE, SIDE)), new Position(1, 1, 1), false, image.duplicate(), image.duplicate(),
			List.of(), new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), LocalTime.now());
		final ShownEdits edits = onEventThread(ShownEdits::new);
		onEventThread(() -> {
			edits.choose(edit);
			return null;
		});
		for (int most = 250; most > 200; most--) {
			final int range = most;
			onEventThread(() -> {
				image.setDisplayRange(0, range);
				edits.choose(edit);
				return null;
			});
			while (onEventThread(() -> image.getOverlay() == null)) IJ.wait(5);
		}
		onEventThread(() -> {
			edits.close();
			return null;
		});
		assertEquals(Set.of(), heavy(), "done by the event thread");
	}
}
