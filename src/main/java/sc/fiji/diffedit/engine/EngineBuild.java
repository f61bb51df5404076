package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Properties;

import sc.fiji.diffedit.DiffEditException;

/**
 * One build of libtorch.
 *
 * @param version libtorch's version, such as {@code 2.7.1}; it must be the one that the adapter in the plugin was made for
 * @param flavor {@code cpu}, or {@code cu128} for CUDA 12.8
 * @param classifier operating system and processor in DJL's notation, such as {@code linux-x86_64}
 */
public record EngineBuild(String version, String flavor, String classifier) {

	/** The CPU build for this machine. */
	public static EngineBuild cpu() {
		return here("cpu");
	}

	/** A build for this machine and the plugin's version of PyTorch. */
	public static EngineBuild here(final String flavor) {
		return new EngineBuild(property("pytorch_version"), flavor, classifierHere());
	}

	/** This machine, such as {@code win-x86_64}. */
	public static String classifierHere() {
		final String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
		final String system = name.startsWith("win") ? "win" : name.startsWith("mac") ? "osx" : "linux";
		final String processor = System.getProperty("os.arch");
		return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
	}

	/** Whether the plugin contains the adapter that this build requires. */
	public boolean hasAdapter() {
		return EngineBuild.class.getClassLoader().getResource(adapterResource()) != null;
	}

	String adapterResource() {
		return "jnilib/" + classifier + "/" + flavor + "/" + adapterName();
	}

	static String adapterName() {
		return System.mapLibraryName("djl_torch");
	}

	/** Version of DJL, which names the adapter in an engine's folder. */
	static String djlVersion() {
		return property("djl_version");
	}

	public boolean isCuda() {
		return flavor.startsWith("cu");
	}

	/** Name of the build's folder in the engine folder, which is also shown to users. */
	@Override
	public String toString() {
		return version + "-" + flavor + "-" + classifier;
	}

	private static String property(final String key) {
		try (InputStream in = EngineBuild.class.getClassLoader().getResourceAsStream("pytorch-engine.properties")) {
			final Properties properties = new Properties();
			if (in != null) properties.load(in);
			final String value = properties.getProperty(key);
			if (value != null) return value;
		}
		catch (final IOException e) {
			throw unreadable(e);
		}
		throw unreadable(null);
	}

	private static DiffEditException unreadable(final Exception cause) {
		return new DiffEditException("DJL's PyTorch engine is not on the class path; install DiffEdit again with all its jars.", cause);
	}
}
