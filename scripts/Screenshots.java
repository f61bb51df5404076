import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextComponent;
import java.awt.Toolkit;
import java.awt.Window;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;

import ij.IJ;
import ij.ImageJ;
import ij.Menus;
import ij.WindowManager;
import ij.gui.GenericDialog;

/**
 * Works with DiffEdit's commands in a real ImageJ window and takes pictures of it.
 * Arguments: the folder for the pictures, an image to open, and any number of commands by their labels; a command followed
 * by {@code =} and texts separated by {@code |} is run with these texts in the last of its text fields, in their order, the
 * others are cancelled after the picture. See {@code scripts/screenshots}.
 */
public class Screenshots {

	private static Path folder;
	private static Robot robot;
	private static int number;
	private static String title;

	public static void main(final String[] args) throws Exception {
		folder = Files.createDirectories(Path.of(args[0]));
		robot = new Robot();
		new ImageJ(ImageJ.EMBEDDED);
		IJ.getInstance().exitWhenQuitting(false);
		IJ.wait(500);
		IJ.open(args[1]);
		IJ.wait(500);
		title = WindowManager.getCurrentImage().getTitle();
		for (int i = 2; i < args.length; i++) use(args[i]);
		System.out.println("All pictures are taken.");
		Runtime.getRuntime().halt(0);
	}

	private static void use(final String asked) throws Exception {
		final String label = asked.split("=", 2)[0];
		if (Menus.getCommands().get(label) == null) throw new IllegalStateException("ImageJ does not know '" + label + "'.");
		IJ.selectWindow(title);
		IJ.doCommand(label);
		final GenericDialog dialog = waitForDialog();
		if (asked.contains("=")) fill(dialog, asked.split("=", 2)[1].split("\\|", -1));
		IJ.wait(1500);
		picture(label + " dialog", bounds(dialog));
		if (asked.contains("=")) run(dialog, label);
		else press(dialog, "Cancel");
	}

	private static GenericDialog waitForDialog() throws Exception {
		for (int i = 0; i < 200; i++) {
			IJ.wait(100);
			if (GenericDialog.getInstance() != null && GenericDialog.getInstance().isShowing()) return GenericDialog.getInstance();
		}
		picture("no dialog", screen());
		throw new IllegalStateException("No dialog after 20 seconds.");
	}

	private static void fill(final GenericDialog dialog, final String[] texts) {
		final List<TextComponent> fields = new ArrayList<>();
		collect(dialog, fields);
		final int first = fields.size() - texts.length;
		for (int i = 0; i < texts.length; i++) fields.get(first + i).setText(texts[i]);
	}

	private static void collect(final Container parent, final List<TextComponent> fields) {
		for (final Component part : parent.getComponents()) {
			if (part instanceof TextComponent text) fields.add(text);
			else if (part instanceof Container container) collect(container, fields);
		}
	}

	private static void run(final GenericDialog dialog, final String label) throws Exception {
		final int before = WindowManager.getImageCount();
		press(dialog, "OK");
		IJ.wait(1200);
		picture(label + " running", screen());
		for (int i = 0; i < 3000 && WindowManager.getImageCount() == before; i++) IJ.wait(100);
		IJ.wait(1000);
		IJ.run("Tile");
		IJ.wait(1500);
		picture(label + " result", screen());
	}

	private static void press(final GenericDialog dialog, final String button) {
		for (final java.awt.Button one : dialog.getButtons()) {
			if (one == null || !one.getLabel().trim().equals(button)) continue;
			final java.awt.Point at = one.getLocationOnScreen();
			robot.mouseMove(at.x + one.getWidth() / 2, at.y + one.getHeight() / 2);
			robot.mousePress(java.awt.event.InputEvent.BUTTON1_DOWN_MASK);
			robot.mouseRelease(java.awt.event.InputEvent.BUTTON1_DOWN_MASK);
		}
		for (int i = 0; i < 50 && dialog.isShowing(); i++) IJ.wait(100);
		if (dialog.isShowing()) throw new IllegalStateException("'" + dialog.getTitle() + "' stays open; " + button + " was pressed.");
	}

	private static Rectangle screen() {
		final Dimension size = Toolkit.getDefaultToolkit().getScreenSize();
		return new Rectangle(size);
	}

	private static Rectangle bounds(final Window window) {
		return window.getBounds().intersection(screen());
	}

	private static void picture(final String name, final Rectangle area) throws Exception {
		final String file = String.format("%02d-%s.png", ++number, name.toLowerCase().replaceAll("[^a-z0-9]+", "-"));
		ImageIO.write(robot.createScreenCapture(area), "png", new File(folder.toFile(), file));
	}
}
