package sc.fiji.diffedit.updatesite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ij.IJ;
import ij.ImagePlus;
import ij.Menus;

/**
 * Plain ImageJ with nothing but its own jar on the class path, and DiffEdit in its {@code plugins} and {@code jars} folders: makes a
 * mask, after it installed an engine if one is given, and writes what came out and whether anything asked for the network.
 */
public final class ImageJStart {

	private ImageJStart() {}

	/** @param args the report to write, an image, and perhaps the archive of an engine */
	public static void main(final String[] args) throws Exception {
		final NoNetwork network = NoNetwork.watch();
		final Class<?> menus = IJ.getClassLoader().loadClass("sc.fiji.diffedit.fiji.bridge.HeadlessMenus");
		menus.getMethod("install").invoke(null);
		final ImagePlus image = IJ.openImage(args[1]);
		if (args.length > 2) IJ.run("Install Engine...", "build=cpu file=[" + args[2] + "]");
		IJ.run("Check Installation...");
		IJ.run(image, "Generate Mask...", "maps=2 seed=1 source=[blue nuclei on a dark background] target=[magenta nuclei on a dark background]");
		Files.writeString(Path.of(args[0]), "Jar: " + menus.getProtectionDomain().getCodeSource().getLocation() + "\nCommands: " + commands()
			+ "\nMask: " + image.getRoi() + "\nLog: " + IJ.getLog() + "\nNetwork: " + network.attempts() + "\n");
		System.exit(0);
	}

	@SuppressWarnings("unchecked")
	private static List<String> commands() {
		final Map<String, String> commands = Menus.getCommands();
		return commands.entrySet().stream().filter(entry -> entry.getValue().startsWith("sc.fiji.diffedit.")).map(Map.Entry::getKey).sorted().toList();
	}
}
