package sc.fiji.diffedit.fiji.screen;

import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.event.KeyEvent;
import java.io.File;
import javax.imageio.ImageIO;
import javax.swing.JDialog;
import ij.IJ;
import ij.ImagePlus;

final class FormPictures {
	public static void main(final String[] args) throws Exception {
		final Class<?>[] all = new Class<?>[] { sc.fiji.diffedit.fiji.commands.GenerateMask.class, sc.fiji.diffedit.fiji.commands.EditImageWithText.class, sc.fiji.diffedit.fiji.commands.EditWithMask.class, sc.fiji.diffedit.fiji.commands.InvertImage.class,
			sc.fiji.diffedit.fiji.commands.TextToImage.class, sc.fiji.diffedit.fiji.commands.ImageToImage.class, sc.fiji.diffedit.fiji.commands.Inpaint.class, sc.fiji.diffedit.fiji.commands.CaptionImage.class, sc.fiji.diffedit.fiji.commands.SuggestPrompts.class,
			sc.fiji.diffedit.fiji.commands.Demo.class, sc.fiji.diffedit.fiji.commands.InspectModel.class, sc.fiji.diffedit.fiji.commands.DownloadModel.class, sc.fiji.diffedit.fiji.commands.ModelFolders.class, sc.fiji.diffedit.fiji.commands.ModelsInMemory.class,
			sc.fiji.diffedit.fiji.commands.ResultCache.class, sc.fiji.diffedit.fiji.engine.InstallEngine.class };
		Program.start(all);
		final ImagePlus image = IJ.createImage("cells.tif", "RGB black", 400, 320, 1);
		image.show();
		final Robot robot = new Robot();
		for (final Class<?> c : all) {
			if (args.length > 1 && !c.getSimpleName().matches(args[1])) continue;
			final JDialog form = Forms.open(c);
			IJ.wait(900);
			ImageIO.write(robot.createScreenCapture(form.getBounds().intersection(new Rectangle(0, 0, 1366, 768))), "png", new File(args[0], c.getSimpleName() + ".png"));
			System.out.println(c.getSimpleName() + " " + form.getSize() + " " + form.getInsets());
			Forms.click(form, "more");
			IJ.wait(300);
			ImageIO.write(robot.createScreenCapture(form.getBounds().intersection(new Rectangle(0, 0, 1366, 768))), "png", new File(args[0], c.getSimpleName() + "-more.png"));
			System.out.println("   more " + form.getSize());
			Forms.press(KeyEvent.VK_ESCAPE);
			Forms.waitForEnd();
			IJ.wait(200);
		}
		System.exit(0);
	}
}
