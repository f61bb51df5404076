package sc.fiji.diffedit.fiji.screen;

import java.awt.Rectangle;
import java.awt.event.KeyEvent;
import java.util.List;

import javax.swing.JComboBox;
import javax.swing.JFrame;
import javax.swing.JLabel;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.gui.Toolbar;
import ij.plugin.frame.RoiManager;

import sc.fiji.diffedit.fiji.window.OpenDiffEdit;

/** The DiffEdit window as somebody uses it who has a picture beside it: two lines typed, a mask that is found, moved and corrected. */
public final class WindowOnScreen {

	private static final int WIDTH = 360, HEIGHT = 720;

	private WindowOnScreen() {}

	public static void main(final String[] args) {
		Program.start(OpenDiffEdit.class);
		final ImagePlus image = cells("cells.tif", 60, 60);
		image.setOverlay(new Overlay(new Roi(1, 1, 3, 3)));
		final JFrame window = open(1);
		fitsBesideTheImage(window, image);
		twoLinesAndEnterFindAMask(window, image);
		slidersMoveTheMask(window, image);
		whatIsWrongStandsBesideItsField(window);
		selectionsCorrectIt(window, image);
		theMaskGoesElsewhere(window, image);
		theWindowFollowsTheActiveImage(window, image);
		aSecondWindowIsAnotherOne(window, image);
		theWindowOutlivesItsImages(window, image);
		System.exit(0);
	}

	private static ImagePlus cells(final String title, final int x, final int y) {
		final ImagePlus image = IJ.createImage(title, "RGB black", 64, 64, 1);
		image.getProcessor().setColor(0x00a000);
		image.getProcessor().fillOval(8, 6, 28, 26);
		image.show();
		Forms.onEventThread(() -> {
			image.getWindow().setLocation(x, y);
			for (int i = 0; i < 4; i++) image.getCanvas().zoomIn(32, 32);
		});
		return image;
	}

	private static List<JFrame> windows() {
		return Forms.frames("DiffEdit");
	}

	private static JFrame open(final int number) {
		IJ.doCommand(Program.label(OpenDiffEdit.class));
		Program.waitFor(() -> windows().size() == number && windows().get(number - 1).isFocused(), "window " + number);
		Forms.settle();
		return windows().get(number - 1);
	}

	private static void fitsBesideTheImage(final JFrame window, final ImagePlus image) {
		Program.require(window.getWidth() <= WIDTH && window.getHeight() <= HEIGHT, "its size is " + window.getSize());
		final Rectangle picture = image.getWindow().getBounds();
		if (window.getX() == 0) Forms.onEventThread(() -> window.setLocation(picture.x + picture.width, picture.y));      // without a window manager AWT may not know where it came to stand
		Program.waitFor(() -> !window.getBounds().intersects(picture), "its place beside the image, but " + window.getBounds());
		Program.require(word(window, "image").equals("cells.tif, 64 x 64"), word(window, "image"));
		Program.require(!Forms.isEnabled(window, "Find mask") && Forms.status(window).equals("Fill in 'What is in the image'."), Forms.status(window));
	}

	private static String word(final JFrame window, final String name) {
		return ((JLabel) Forms.find(window, name)).getText();
	}

	private static void twoLinesAndEnterFindAMask(final JFrame window, final ImagePlus image) {
		Program.require(Forms.find(window, "source").isFocusOwner(), "the first description has the keyboard");
		Forms.type("green nuclei\tcyan nuclei");
		Forms.press(KeyEvent.VK_ENTER);
		Program.waitFor(() -> Forms.find(window, "Cancel").isShowing(), "a run");
		Mouse.click(Forms.find(window, "Cancel"));
		Program.waitFor(() -> Forms.isEnabled(window, "Find mask") && Forms.status(window).equals("Cancelled."), "the end of the run, but " + Forms.status(window));
		Program.require(image.getOverlay().size() == 1, "nothing was found");
		Mouse.click(Forms.find(window, "Find mask"));
		Program.waitFor(() -> image.getOverlay().size() == 2, "the heat map, but " + Forms.status(window));
		Program.waitFor(() -> word(window, "facts").endsWith(" % of the image"), "facts about the mask");
	}

	private static void slidersMoveTheMask(final JFrame window, final ImagePlus image) {
		final String before = word(window, "facts");
		Forms.focus(window, "thresholdLevel slider");
		Forms.press(KeyEvent.VK_LEFT, KeyEvent.VK_LEFT, KeyEvent.VK_HOME);
		Program.require(Forms.text(window, "thresholdLevel").equals("0.005"), Forms.text(window, "thresholdLevel"));
		Program.waitFor(() -> !word(window, "facts").equals(before), "another mask than " + before);
		Forms.focus(window, "thresholdLevel");
		Forms.typeOver("0.52");
		Program.waitFor(() -> word(window, "facts").equals(before), "the mask as it was, but " + word(window, "facts"));
		Forms.typeOver("0");
		Program.require(Forms.note(window, "thresholdLevel").contains("must be above 0") && !Forms.isEnabled(window, "Find mask"), Forms.note(window, "thresholdLevel"));
		Program.require(!Forms.status(window).contains("must be above 0"), "it is said once");
		Forms.typeOver("0.52");
		Forms.focus(window, "grow slider");
		Forms.press(KeyEvent.VK_RIGHT, KeyEvent.VK_RIGHT);
		Program.waitFor(() -> Forms.text(window, "grow").equals("2") && !word(window, "facts").equals(before), "a mask that grows");
		Forms.press(KeyEvent.VK_LEFT, KeyEvent.VK_LEFT);
		Program.waitFor(() -> word(window, "facts").equals(before), "the mask as it was, but " + word(window, "facts"));
		Program.require(image.getOverlay().size() == 2, "one drawing at a time");
	}

	/** What is wrong stands below its field, and nothing moves. */
	private static void whatIsWrongStandsBesideItsField(final JFrame window) {
		final Rectangle find = Forms.find(window, "Find mask").getBounds();
		Forms.focus(window, "model");
		Forms.typeOver("demoo");
		Program.waitFor(() -> Forms.note(window, "model").contains("demo"), "the nearest name, but " + Forms.note(window, "model"));
		Forms.typeOver("demo");
		Program.waitFor(() -> Forms.note(window, "model").isEmpty(), "a model that is there, but " + Forms.note(window, "model"));
		Forms.focus(window, "target");
		Forms.typeOver("cyan " + "nuclei ".repeat(90) + "lost");
		Program.waitFor(() -> Forms.note(window, "target").contains("lost"), "the words that fall out, but " + Forms.note(window, "target"));
		Forms.typeOver("cyan nuclei");
		Forms.focus(window, "smallest");
		Forms.typeOver("-1");
		Program.waitFor(() -> Forms.note(window, "thresholdLevel").contains("-1"), "a word above the sliders, but " + Forms.note(window, "thresholdLevel"));
		Forms.typeOver("0");
		Program.require(find.equals(Forms.find(window, "Find mask").getBounds()), "nothing has moved");
	}

	private static void selectionsCorrectIt(final JFrame window, final ImagePlus image) {
		final String before = word(window, "facts");
		IJ.setTool(Toolbar.RECTANGLE);
		Mouse.draw(image, 44, 44, 60, 60);
		Program.require(image.getRoi() != null && image.getRoi().getBounds().width == 16, "a rectangle drawn with the mouse, but " + image.getRoi());
		Mouse.click(Forms.find(window, "Add selection"));
		Program.waitFor(() -> !word(window, "facts").equals(before), "a larger mask");
		Mouse.click(Forms.find(window, "Add selection"));
		Program.require(Forms.status(window).contains("has no selection"), Forms.status(window));
		final String added = word(window, "facts");
		Mouse.draw(image, 44, 44, 52, 60);
		Mouse.click(Forms.find(window, "Remove selection"));
		Program.waitFor(() -> !word(window, "facts").equals(added), "a smaller mask");
		Mouse.click(Forms.find(window, "Undo"));
		Program.waitFor(() -> word(window, "facts").equals(added), "the larger mask");
		Mouse.click(Forms.find(window, "Redo"));
		Program.waitFor(() -> !word(window, "facts").equals(added), "the smaller mask");
	}

	private static void theMaskGoesElsewhere(final JFrame window, final ImagePlus image) {
		final JComboBox<?> place = (JComboBox<?>) Forms.find(window, "place");
		Forms.onEventThread(() -> place.setSelectedItem("Selection"));
		Mouse.click(Forms.find(window, "Send"));
		Program.waitFor(() -> image.getRoi() != null && image.getRoi().contains(56, 50) && !image.getRoi().contains(46, 50), "the mask as a selection");
		Forms.onEventThread(() -> place.setSelectedItem("ROI Manager"));
		Mouse.click(Forms.find(window, "Send"));
		Program.waitFor(() -> RoiManager.getInstance() != null && RoiManager.getInstance().getCount() == 1, "the mask in the ROI Manager");
		Forms.onEventThread(() -> RoiManager.getInstance().close());
		image.deleteRoi();
	}

	private static void theWindowFollowsTheActiveImage(final JFrame window, final ImagePlus image) {
		final String before = word(window, "facts");
		final ImagePlus other = cells("other.tif", 60, 400);
		Program.waitFor(() -> word(window, "image").equals("other.tif, 64 x 64") && word(window, "facts").isBlank(), "the other image, without a mask");
		Program.activate(image);
		Program.waitFor(() -> word(window, "image").startsWith("cells.tif") && word(window, "facts").equals(before), "the first image with its mask");
		other.close();
	}

	private static void aSecondWindowIsAnotherOne(final JFrame first, final ImagePlus image) {
		final JFrame second = open(2);
		Program.require(!second.getLocation().equals(first.getLocation()), "the first one is still seen");
		Program.require(word(second, "facts").isBlank() && Forms.text(second, "target").equals("cyan nuclei"), "it begins without a mask, with the words that were typed last");
		Program.waitFor(() -> word(second, "image").startsWith("cells.tif"), "the picture in the second window");
		image.setRoi(2, 2, 10, 10);
		Mouse.click(Forms.find(second, "Add selection"));
		Program.waitFor(() -> image.getOverlay().size() == 3, "a mask of each window");
		Forms.onEventThread(second::dispose);
		Program.waitFor(() -> image.getOverlay().size() == 2 && windows().equals(List.of(first)), "the first window alone");
	}

	private static void theWindowOutlivesItsImages(final JFrame window, final ImagePlus image) {
		final ImagePlus copy = image.duplicate();
		image.changes = false;
		image.close();
		Program.waitFor(() -> word(window, "image").equals("No image is open."), "no image, but " + word(window, "image"));
		Program.require(!Forms.isEnabled(window, "Find mask"), "nothing can be found");
		copy.setOverlay(new Overlay(new Roi(1, 1, 3, 3)));
		copy.show();
		Mouse.click(Forms.find(window, "Find mask"));
		Program.waitFor(() -> Forms.isEnabled(window, "Find mask"), "another image");
		Mouse.click(Forms.find(window, "Find mask"));
		Program.waitFor(() -> copy.getOverlay().size() == 2, "its mask");
		Forms.onEventThread(window::dispose);
		Program.waitFor(() -> copy.getOverlay().size() == 1, "the image as it was");
	}
}
