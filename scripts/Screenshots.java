import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.Toolkit;
import java.awt.Window;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

import javax.imageio.ImageIO;
import javax.swing.AbstractButton;
import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JSlider;
import javax.swing.JTabbedPane;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.Menus;
import ij.WindowManager;

/**
 * Works with DiffEdit's commands in a real ImageJ window and takes pictures of it.
 * Arguments: the folder for the pictures, an image to open, and any number of commands by their labels; a command followed
 * by {@code =} and {@code key:text} pairs separated by {@code |} is run with these texts in the fields of these names, the
 * others are cancelled after a picture of their first page and one of {@code More settings}. The DiffEdit window is taken with its image. See {@code scripts/screenshots}.
 */
public class Screenshots {

	private static final String WINDOW = "DiffEdit";
	private static final int ZOOM_STEPS = 3;

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
		if (label.equals(WINDOW + "...")) {
			useWindow(asked.split("=", 2)[1].split("\\|"));
			return;
		}
		final JDialog form = waitForForm();
		if (asked.contains("=")) fill(form, asked.split("=", 2)[1].split("\\|"));
		waitForMemory(form);
		picture(label + " form", form.getBounds());
		if (asked.contains("=")) run(form, label);
		else showMore(form, label);
	}

	/** The window beside the enlarged image, with a mask that it has found, and with edits of three seeds. */
	private static void useWindow(final String[] texts) throws Exception {
		final ImagePlus image = WindowManager.getCurrentImage();
		for (int i = 0; i < ZOOM_STEPS; i++) SwingUtilities.invokeAndWait(() -> image.getCanvas().zoomIn(image.getWidth() / 2, image.getHeight() / 2));
		Window window = null;
		for (int i = 0; i < 300 && window == null; i++) {
			IJ.wait(100);
			window = Arrays.stream(Window.getWindows()).filter(one -> one.isShowing() && one instanceof JFrame frame && frame.getTitle().equals(WINDOW)).findFirst().orElse(null);
		}
		final Window shown = Objects.requireNonNull(window, "no window after 30 seconds");
		final Point at = new Point(Math.max(0, shown.getX() - image.getWindow().getWidth()), shown.getY());
		SwingUtilities.invokeAndWait(() -> image.getWindow().setLocation(at));
		fill(shown, texts);
		press(shown, "Find mask");
		for (int i = 0; i < 600 && image.getOverlay() == null; i++) IJ.wait(100);
		IJ.wait(1000);
		picture(WINDOW + " window", shown.getBounds().union(image.getWindow().getBounds()));
		showEdits(shown, image);
		SwingUtilities.invokeAndWait(shown::dispose);
	}

	private static void showEdits(final Window window, final ImagePlus image) throws Exception {
		final Container tab = find(window, "seeds").getParent();
		final JTabbedPane tabs = (JTabbedPane) SwingUtilities.getAncestorOfClass(JTabbedPane.class, tab);
		SwingUtilities.invokeAndWait(() -> tabs.setSelectedIndex(tabs.indexOfTab("Edit")));
		fill(window, new String[] { "seeds:1 to 3", "edit steps:20" });
		IJ.wait(500);
		press(window, "Edit");
		for (int i = 0; i < 1200 && !(find(window, "edit seed 3") != null && find(window, "Edit").isEnabled()); i++) IJ.wait(100);
		SwingUtilities.invokeAndWait(() -> {
			final JSlider divider = (JSlider) find(window, "divider");
			divider.setValue(divider.getMaximum() * 7 / 10);
		});
		IJ.wait(1000);
		picture(WINDOW + " edits", window.getBounds().union(image.getWindow().getBounds()));
	}

	private static JDialog waitForForm() throws Exception {
		for (int i = 0; i < 300; i++) {
			IJ.wait(100);
			for (final Window window : Window.getWindows()) {
				if (window.isShowing() && window instanceof JDialog form && find(form, "OK") != null) return form;
			}
		}
		picture("no form", screen());
		throw new IllegalStateException("No form after 30 seconds.");
	}

	/** The line about memory is worked out aside. */
	private static void waitForMemory(final JDialog form) {
		IJ.wait(1000);
		for (int i = 0; i < 300 && find(form, "expected") instanceof JTextComponent line && line.getText().endsWith("..."); i++) IJ.wait(100);
		IJ.wait(300);
	}

	private static Component find(final Container parent, final String name) {
		for (final Component part : parent.getComponents()) {
			if (name.equals(part.getName())) return part;
			final Component inside = part instanceof Container container ? find(container, name) : null;
			if (inside != null) return inside;
		}
		return null;
	}

	private static void fill(final Container form, final String[] texts) throws Exception {
		for (final String text : texts) {
			final String[] pair = text.split(":", 2);
			SwingUtilities.invokeAndWait(() -> ((JTextComponent) find(form, pair[0])).setText(pair[1]));
		}
	}

	private static void showMore(final JDialog form, final String label) throws Exception {
		if (find(form, "more").isShowing()) {
			press(form, "more");
			IJ.wait(1500);
			picture(label + " more settings", form.getBounds());
		}
		press(form, "Cancel");
		for (int i = 0; i < 100 && form.isShowing(); i++) IJ.wait(100);
	}

	private static void run(final JDialog form, final String label) throws Exception {
		final int before = WindowManager.getImageCount();
		press(form, "OK");
		IJ.wait(1200);
		picture(label + " running", screen());
		for (int i = 0; i < 3000 && WindowManager.getImageCount() == before; i++) IJ.wait(100);
		IJ.wait(1000);
		IJ.run("Tile");
		IJ.wait(1500);
		picture(label + " result", screen());
	}

	private static void press(final Container form, final String button) throws Exception {
		SwingUtilities.invokeLater(() -> ((AbstractButton) find(form, button)).doClick());
		IJ.wait(500);
	}

	private static Rectangle screen() {
		final Dimension size = Toolkit.getDefaultToolkit().getScreenSize();
		return new Rectangle(size);
	}

	private static void picture(final String name, final Rectangle area) throws Exception {
		final String file = String.format("%02d-%s.png", ++number, name.toLowerCase().replaceAll("[^a-z0-9]+", "-"));
		ImageIO.write(robot.createScreenCapture(area.intersection(screen())), "png", new File(folder.toFile(), file));
	}
}
