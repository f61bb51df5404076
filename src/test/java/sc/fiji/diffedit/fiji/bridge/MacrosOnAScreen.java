package sc.fiji.diffedit.fiji.bridge;

import java.awt.event.KeyEvent;
import java.util.List;

import javax.swing.JDialog;

import org.scijava.command.CommandService;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.process.ByteProcessor;
import net.imagej.legacy.ImitatedFiji;

import sc.fiji.diffedit.fiji.screen.Forms;

/** The imitated Fiji with windows: whose image a command takes, when a form opens, and where results are. */
public final class MacrosOnAScreen {

	private MacrosOnAScreen() {}

	/** Prints what does not hold, and fails then. */
	public static void main(final String[] args) throws Exception {
		new ImageJ(ImageJ.NO_SHOW);
		final ImitatedFiji fiji = new ImitatedFiji();
		fiji.install(PaintCommand.class);
		new ImagePlus("window", new ByteProcessor(8, 6)).show();
		macrosTakeTheirOwnImageAndShowNoForm();
		scriptsShowNoForm(fiji.context().service(CommandService.class));
		usersGetAForm();
		System.exit(0);
	}

	private static void macrosTakeTheirOwnImageAndShowNoForm() {
		final String answer = IJ.runMacro("setBatchMode(true); newImage('cells', '8-bit black', 8, 6, 1); run('Paint...', 'source=dog');"
			+ "return getTitle() + ' ' + nImages;");
		expect("cells|3|3.5|1|Labels|automatic|false|null|dog|", PaintCommand.asked);
		expect("painted 1 3", answer);
		final String shown = IJ.runMacro("selectImage('window'); run('Paint...', 'seed=5 source=cat'); return getTitle() + ' ' + nImages;");
		expect("window|3|3.5|5|Labels|automatic|false|null|cat|", PaintCommand.asked);
		expect("painted 5 2", shown);
		expect(true, WindowManager.getImage("painted 5").isVisible());
		IJ.runMacro("run('Paint...');");
		expect("painted 5|3|3.5|1|Labels|automatic|false|null||", PaintCommand.asked);
		expect(List.of(), ImitatedFiji.FORMS);
	}

	private static void scriptsShowNoForm(final CommandService commands) throws Exception {
		final ImagePlus given = new ImagePlus("given", new ByteProcessor(8, 6));
		commands.run(PaintCommand.class, true, "image", given, "source", "dog").get();
		expect("given|3|3.5|1|Labels|automatic|false|null|dog|", PaintCommand.asked);
		expect(List.of(), ImitatedFiji.FORMS);
	}

	/** Ours, after which Fiji's own has nothing left to ask. */
	private static void usersGetAForm() throws InterruptedException {
		IJ.selectWindow("window");
		PaintCommand.asked = null;
		final Thread user = click();
		final JDialog form = Forms.waitFor();
		Forms.focus(form, "steps");
		Forms.typeOver("5");
		Forms.focus(form, "source");
		Forms.type("a cat");
		expect(false, Forms.isEnabled(form, "OK"));
		Forms.focus(form, "target");
		Forms.type("a dog");
		Forms.press(KeyEvent.VK_ENTER);
		user.join();
		expect("window|5|3.5|1|Labels|automatic|false|null|a cat|a dog", PaintCommand.asked);
		expect(List.of(), ImitatedFiji.FORMS);
		usersMayCancel();
	}

	private static void usersMayCancel() throws InterruptedException {
		PaintCommand.asked = null;
		final Thread user = click();
		Forms.waitFor();
		Forms.press(KeyEvent.VK_ESCAPE);
		user.join();
		expect(true, PaintCommand.asked == null && ImitatedFiji.FORMS.isEmpty());
	}

	private static Thread click() {
		final Thread thread = new Thread(() -> {
			try {
				ImitatedFiji.click("Paint...");
			}
			catch (final InterruptedException e) {
				throw new IllegalStateException(e);
			}
		});
		thread.start();
		return thread;
	}

	private static void expect(final Object wanted, final Object got) {
		if (wanted.equals(got)) return;
		System.out.println("expected " + wanted + ", got " + got);
		System.exit(1);
	}
}
