package sc.fiji.diffedit.fiji.screen;

import java.awt.AWTException;
import java.awt.Component;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.event.InputEvent;

import javax.swing.JComponent;
import javax.swing.JTabbedPane;
import javax.swing.SwingUtilities;

import ij.ImagePlus;
import ij.gui.ImageCanvas;

/** The pointer of the screen, moved and pressed as by a hand. */
final class Mouse {

	private static final int DELAY_MILLIS = 20, STEPS_OF_DRAG = 6;

	private static final Robot ROBOT = robot();

	private static int clicks;

	private Mouse() {}

	private static Robot robot() {
		try {
			final Robot robot = new Robot();
			robot.setAutoDelay(DELAY_MILLIS);
			return robot;
		}
		catch (final AWTException e) {
			throw new IllegalStateException(e);
		}
	}

	/** Clicks into the middle of a part. */
	static void click(final Component part) {
		Program.waitFor(part::isShowing, "on the screen: " + part.getName());
		scrollTo(part);
		final Point at = part.getLocationOnScreen();
		click(at.x + part.getWidth() / 2, at.y + part.getHeight() / 2);
	}

	/** As users do where a panel is longer than its window. */
	private static void scrollTo(final Component part) {
		if (part instanceof JComponent) Forms.onEventThread(() -> ((JComponent) part).scrollRectToVisible(new Rectangle(part.getSize())));
	}

	/** Clicks at a place of the screen. */
	static void click(final int x, final int y) {
		ROBOT.mouseMove(x, y);
		ROBOT.mousePress(InputEvent.BUTTON1_DOWN_MASK);
		ROBOT.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
		clicks++;
		ROBOT.waitForIdle();
		Forms.settle();
	}

	/** Presses the button at a place of the screen, which is half a click. */
	static void press(final Point at) {
		ROBOT.mouseMove(at.x, at.y);
		ROBOT.mousePress(InputEvent.BUTTON1_DOWN_MASK);
		clicks++;
		ROBOT.waitForIdle();
		Forms.settle();
	}

	/** Moves to a place of the screen, with the button as it is. */
	static void move(final Point at) {
		ROBOT.mouseMove(at.x - 1, at.y);
		ROBOT.mouseMove(at.x, at.y);
		ROBOT.waitForIdle();
		Forms.settle();
	}

	/** Lets the button go. */
	static void release() {
		ROBOT.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
		ROBOT.waitForIdle();
		Forms.settle();
	}

	/** How often it has clicked. */
	static int clicks() {
		return clicks;
	}

	/** Clicks on a tab, found by a part that stands somewhere in it. */
	static void openTab(final Component inside, final String title) {
		final JTabbedPane tabs = (JTabbedPane) SwingUtilities.getAncestorOfClass(JTabbedPane.class, inside);
		final var tab = tabs.getBoundsAt(tabs.indexOfTab(title));
		final Point at = tabs.getLocationOnScreen();
		click(at.x + tab.x + tab.width / 2, at.y + tab.y + tab.height / 2);
		Program.waitFor(() -> tabs.getTitleAt(tabs.getSelectedIndex()).equals(title), "the tab " + title);
	}

	/** Draws on an image with the tool that is chosen, through these points (x, y, x, y ...) in its pixels, at whatever zoom. */
	static void draw(final ImagePlus image, final int... points) {
		Point from = onScreen(image, points[0], points[1]);
		ROBOT.mouseMove(from.x, from.y);
		ROBOT.waitForIdle();
		Forms.settle();
		ROBOT.mousePress(InputEvent.BUTTON1_DOWN_MASK);
		for (int i = 2; i < points.length; i += 2) {
			final Point to = onScreen(image, points[i], points[i + 1]);
			for (int step = 1; step <= STEPS_OF_DRAG; step++) {
				ROBOT.mouseMove(from.x + (to.x - from.x) * step / STEPS_OF_DRAG, from.y + (to.y - from.y) * step / STEPS_OF_DRAG);
			}
			from = to;
		}
		ROBOT.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
		ROBOT.waitForIdle();
		Forms.settle();
	}

	private static Point onScreen(final ImagePlus image, final int x, final int y) {
		final ImageCanvas canvas = image.getCanvas();
		final Point at = canvas.getLocationOnScreen();
		at.translate(canvas.screenX(x), canvas.screenY(y));
		return at;
	}
}
