package sc.fiji.diffedit.fiji.screen;

import java.awt.AWTException;
import java.awt.Color;
import java.awt.Component;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.datatransfer.DataFlavor;
import java.awt.event.KeyEvent;
import java.util.Arrays;

import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JToggleButton;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.window.OpenDiffEdit;
import sc.fiji.diffedit.service.DiffusionModelService;

/** Edits in the DiffEdit window by mouse and keyboard: two seeds, before and after, a new image, a macro of it, and runs that are stopped. */
public final class EditsOnScreen {

	private static final int SIZE = 64, ZOOM = 4;
	/** Of which a busy machine may lose some. */
	private static final int CLICKS = 5;

	private static Robot robot;
	private static JFrame window;
	private static ImagePlus image;

	private EditsOnScreen() {}

	public static void main(final String[] args) throws Exception {
		robot = new Robot();
		robot.setAutoDelay(20);
		Program.start(OpenDiffEdit.class, GenerateMask.class, EditWithMask.class);
		open();
		IJ.doCommand(Program.label(OpenDiffEdit.class));
		Program.waitFor(() -> shown() != null && shown().isFocused(), "the window");
		window = shown();
		Forms.settle();
		Forms.onEventThread(() -> window.setLocation(1020, 10));        // without a window manager AWT does not know where it first came to stand
		Forms.settle();
		aSelectionIsTheMask();
		twoSeedsComeOneAfterAnother();
		theDividerShowsBeforeAndAfter();
		anEditIsKeptAndItsMacroRepeatsIt();
		aRunIsStopped();
		anImageThatClosesLeavesItsEdit();
		aClosedWindowLeavesNothing();
		Program.require(WindowManager.getWindow("Exception") == null, "no stack trace");
		System.exit(0);
	}

	private static void open() {
		image = IJ.createImage("cells.tif", "16-bit black", SIZE, SIZE, 1);
		image.getProcessor().setColor(900);
		image.getProcessor().fillOval(8, 6, 28, 26);
		image.setDisplayRange(0, 1000);
		image.setOverlay(new Overlay(new Roi(50, 50, 6, 6)));
		image.show();
		Forms.onEventThread(() -> {
			image.getWindow().setLocation(60, 60);
			for (int i = 0; i < ZOOM - 1; i++) image.getCanvas().zoomIn(SIZE / 2, SIZE / 2);
		});
	}

	private static JFrame shown() {
		return Forms.frame("DiffEdit");
	}

	// -- what a person does --

	/** What is further down than the window shows is scrolled to. */
	private static void click(final String name) {
		Program.waitFor(() -> Forms.isEnabled(window, name), name + "; " + Forms.status(window) + "; active is " + WindowManager.getCurrentImage());
		final JComponent part = (JComponent) Forms.find(window, name);
		Forms.onEventThread(() -> part.scrollRectToVisible(new Rectangle(part.getSize())));
		Mouse.click(part);
	}

	private static void openTab(final String title) {
		Mouse.openTab(Forms.find(window, "facts"), title);
	}

	private static void typeInto(final String name, final String text) {
		focus(name);
		Forms.typeOver(text);
	}

	/** Another window may have had the keyboard. */
	private static void focus(final String name) {
		final Component part = Forms.find(window, name);
		Forms.onEventThread(() -> {
			window.toFront();
			part.requestFocus();
		});
		Program.waitFor(part::isFocusOwner, "the keyboard in " + name);
	}

	// -- the story --

	private static void aSelectionIsTheMask() {
		focus("source");
		Forms.type("green nuclei\tcyan nuclei");
		addSelection();
	}

	private static void addSelection() {
		image.setRoi(10, 8, 30, 20);
		openTab("Mask");
		for (int i = 0; i < CLICKS && image.getOverlay().size() < 2; i++) {
			click("Add selection");
			IJ.wait(2000);
		}
		Program.waitFor(() -> image.getOverlay().size() == 2, "the mask's outline");
		image.deleteRoi();
	}

	private static void twoSeedsComeOneAfterAnother() {
		openTab("Edit");
		click("more of edits");
		typeInto("edit steps", "2");
		typeInto("seeds", "one");
		click("Edit");
		Program.waitFor(() -> Forms.status(window).contains("\"one\" is not a seed"), "what is wrong with the seed");
		typeInto("seeds", "1 to 2");
		click("Edit");
		Program.waitFor(() -> Forms.find(window, "edit seed 1") != null && Forms.find(window, "edit seed 2") != null, "two edits; " + Forms.status(window));
		Program.waitFor(() -> Forms.isEnabled(window, "Edit"), "the end of the run");
		Program.require(image.getOverlay().size() == 3, "the edit lies over the image, beside " + image.getOverlay().size());
		click("edit seed 2");
		Program.waitFor(() -> ((JToggleButton) Forms.find(window, "edit seed 2")).isSelected(), "the second edit");
		Program.require(image.getOverlay().size() == 3, "one edit at a time");
	}

	/** Where the mask is bright in the picture and the edit makes it darker. */
	private static Color seen(final int x, final int y) {
		Forms.settle();
		final Point at = image.getCanvas().getLocationOnScreen();
		return robot.getPixelColor(at.x + image.getCanvas().screenX(x) + ZOOM / 2, at.y + image.getCanvas().screenY(y) + ZOOM / 2);
	}

	private static void theDividerShowsBeforeAndAfter() {
		final Color after = seen(20, 18), before = new Color(230, 230, 230);
		Program.require(!after.equals(before), "the edit is seen");
		focus("divider");
		Forms.press(KeyEvent.VK_END);
		Program.require(Math.abs(seen(20, 18).getRed() - before.getRed()) <= 2, "before: " + seen(20, 18));
		Forms.press(KeyEvent.VK_HOME);
		Program.require(seen(20, 18).equals(after), "after: " + seen(20, 18));
		click("visible");
		Program.waitFor(() -> image.getOverlay().size() == 2, "not shown");
		Program.require(Math.abs(seen(20, 18).getRed() - before.getRed()) <= 2, "not shown: " + seen(20, 18));
		click("visible");
		Program.waitFor(() -> image.getOverlay().size() == 3 && seen(20, 18).equals(after), "shown again");
	}

	private static void anEditIsKeptAndItsMacroRepeatsIt() throws Exception {
		click("Keep as image");
		final ImagePlus kept = waitForImage("cells - edit (generated by DiffEdit)");
		Program.require(kept.getOverlay().size() == 1, "only the user's own element is in the new image");
		click("Next to it");
		Program.require(waitForImage("cells - before and after (generated by DiffEdit)").getWidth() == 2 * SIZE + 4, "side by side");
		Program.waitFor(() -> WindowManager.getCurrentImage() == image, "the picture stays active");
		openTab("History");
		final JList<?> history = (JList<?>) Forms.find(window, "history");
		Program.require(history.getModel().getSize() == 3, "a mask and two edits, not " + history.getModel().getSize());
		final var bounds = history.getCellBounds(0, 0);
		Mouse.click(history.getLocationOnScreen().x + 20, history.getLocationOnScreen().y + bounds.y + 10);
		click("Copy macro");
		Program.waitFor(() -> Forms.status(window).startsWith("Copied "), "the copy");
		final String macro = Toolkit.getDefaultToolkit().getSystemClipboard().getData(DataFlavor.stringFlavor).toString();
		IJ.runMacro(macro);
		final ImagePlus again = waitForImage("cells - edit (generated by DiffEdit)-1");
		Program.require(Arrays.equals((short[]) kept.getProcessor().getPixels(), (short[]) again.getProcessor().getPixels()), "the macro makes the same pixels:\n" + macro);
		for (final ImagePlus made : new ImagePlus[] { kept, again, waitForImage("cells - before and after (generated by DiffEdit)") }) close(made);
		Program.activate(image);
		image.deleteRoi();
	}

	private static ImagePlus waitForImage(final String title) {
		Program.waitFor(() -> WindowManager.getImage(title) != null, title + " among " + String.join(", ", WindowManager.getImageTitles()));
		Forms.settle();
		return WindowManager.getImage(title);
	}

	private static void close(final ImagePlus made) {
		made.changes = false;
		Forms.onEventThread(made::close);
		Forms.settle();
	}

	/** What is cached takes no steps. */
	private static void forget() {
		SharedContext.get().service(DiffusionModelService.class).results().clear();
	}

	private static void aRunIsStopped() {
		forget();
		openTab("Edit");
		typeInto("edit steps", "400");
		click("Edit");
		Program.waitFor(() -> Forms.find(window, "Cancel").isShowing(), "a run");
		click("Cancel");
		Program.waitFor(() -> Forms.isEnabled(window, "Edit"), "the end of the run");
		Program.waitFor(() -> Forms.status(window).equals("Cancelled."), "the word that it was cancelled, but " + Forms.status(window));
	}

	private static void anImageThatClosesLeavesItsEdit() {
		forget();
		typeInto("edit steps", "20");
		click("Edit");
		Program.waitFor(() -> Forms.status(window).contains("step"), "steps, but " + Forms.status(window));
		close(image);
		final ImagePlus left = waitForImage("cells - edit (generated by DiffEdit)");
		Program.require(left.getInfoProperty().contains("was closed during the run"), left.getInfoProperty());
		Program.waitFor(() -> !Forms.find(window, "Cancel").isShowing(), "the end of the series");
		Program.require(WindowManager.getImageCount() == 1, "no second edit of an image that is gone");
		close(left);
	}

	private static void aClosedWindowLeavesNothing() throws AWTException {
		open();
		Program.waitFor(() -> ((JLabel) Forms.find(window, "image")).getText().startsWith("cells.tif"), "the window follows the new image");
		addSelection();
		openTab("Edit");
		typeInto("edit steps", "2");
		click("Edit");
		Program.waitFor(() -> Forms.find(window, "edit seed 2") != null && Forms.isEnabled(window, "Edit") && image.getOverlay().size() == 3, "two edits of the new image");
		Forms.onEventThread(window::dispose);
		Program.waitFor(() -> image.getOverlay().size() == 1, "the overlay as it was");
	}
}
