package sc.fiji.diffedit.fiji.screen;

import java.awt.Component;
import java.awt.Rectangle;
import java.awt.Toolkit;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;
import javax.swing.JDialog;
import javax.swing.UIManager;

import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;

import ij.IJ;

/** Opens the form of each command and measures it before and after {@code More settings}; with a folder as argument, takes pictures too. */
public final class FormHeights {

	/** Pixels; where there is no window manager, windows have no decorations, which are about as high as this. */
	private static final int MOST = 520, DECORATIONS = 30;
	/** Pixels that the look of Fiji on Linux (FlatLaf, with its larger font) adds to the highest form in Java's own look. */
	private static final int FIJI_ADDS = 37;

	private FormHeights() {}

	public static void main(final String[] args) throws Exception {
		final List<Class<?>> commands = commands();
		Program.start(commands.toArray(Class<?>[]::new));
		IJ.createImage("cells.tif", "RGB black", 400, 320, 3).show();               // of a stack more is asked
		for (final Class<?> command : commands) measure(command, args.length == 0 ? null : new File(args[0]));
		System.exit(0);
	}

	/** Those that ask something. */
	private static List<Class<?>> commands() throws Exception {
		final List<Class<?>> commands = new ArrayList<>();
		try (Context context = new Context()) {
			for (final CommandInfo info : context.service(CommandService.class).getCommands()) {
				final boolean ours = info.getClassName().startsWith("sc.fiji.diffedit.") && !info.getMenuPath().isEmpty() && !info.getMenuPath().toString().contains("Tests");
				if (ours && asks(context, info)) commands.add(info.loadClass());
			}
		}
		Program.require(commands.size() >= 16, "only " + commands.size() + " forms");
		return commands;
	}

	private static boolean asks(final Context context, final CommandInfo info) {
		for (final var input : context.service(ModuleService.class).createModule(info).getInfo().inputs()) {
			if (!org.scijava.service.Service.class.isAssignableFrom(input.getType()) && input.getType() != Context.class) return true;
		}
		return false;
	}

	private static void measure(final Class<?> command, final File pictures) throws IOException {
		final JDialog form = Forms.open(command);
		final int decorations = form.getInsets().top > 0 ? 0 : DECORATIONS;
		if (pictures != null) picture(form, new File(pictures, command.getSimpleName() + ".png"));
		final int more = UIManager.getLookAndFeel().getID().equals("Metal") ? decorations + FIJI_ADDS : decorations;
		Program.require(form.getHeight() + more <= MOST, command.getSimpleName() + " is " + form.getHeight() + " pixels high");
		if (Forms.find(form, "more").isShowing()) {
			final int before = form.getHeight(), wide = form.getWidth();
			Forms.click(form, "more");
			final Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
			Program.require(form.getHeight() > before && form.getWidth() == wide, command.getSimpleName() + " does not open in place: " + form.getSize());
			Program.waitFor(() -> screen.contains(onScreen(form)) && screen.contains(onScreen(Forms.find(form, "OK"))), command.getSimpleName() + " on the screen, but " + form.getBounds());
			if (pictures != null) picture(form, new File(pictures, command.getSimpleName() + "-more.png"));
			Forms.click(form, "more");
			Program.require(form.getHeight() == before, command.getSimpleName() + " closes to " + form.getHeight() + " instead of " + before);
		}
		Forms.press(KeyEvent.VK_ESCAPE);
		Forms.waitForEnd();
	}

	private static Rectangle onScreen(final Component part) {
		return new Rectangle(part.getLocationOnScreen(), part.getSize());
	}

	private static void picture(final JDialog form, final File file) throws IOException {
		IJ.wait(700);
		final BufferedImage image = new BufferedImage(form.getWidth(), form.getHeight(), BufferedImage.TYPE_INT_RGB);
		Forms.onEventThread(() -> form.paint(image.getGraphics()));
		ImageIO.write(image, "png", file);
		System.out.println(file.getName() + ": " + form.getWidth() + " x " + form.getHeight() + " pixels");
	}
}
