package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.hub.DownloadProgress;

/**
 * A zip file with a build of libtorch: DJL's native jar, PyTorch's own libtorch archive, or a wheel. Only shared libraries
 * are taken out of it, by their bare names, from the one folder that holds libtorch.
 */
final class EngineArchive implements AutoCloseable {

	private static final Pattern LIBRARY = Pattern.compile("[A-Za-z0-9_+.-]+\\.(?:so(?:\\.\\d+)*|dll|dylib)");
	private static final Pattern PYTHON_VERSION = Pattern.compile("__version__ = '([^']+)'");
	private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+([a-z0-9]+))?.*", Pattern.DOTALL);
	private static final int TEXT_BYTES = 1 << 16;
	private static final long MOST_BYTES = 16L << 30;

	private final Path file;
	private final ZipFile zip;

	EngineArchive(final Path file) {
		this.file = file;
		try {
			zip = new ZipFile(file.toFile());
		}
		catch (final IOException e) {
			throw new DiffEditException(file + " is not a zip archive (" + e.getMessage()
				+ "); give DJL's pytorch-native jar, PyTorch's libtorch zip, or a wheel.", e);
		}
	}

	/**
	 * The build in this archive, according to its own description.
	 *
	 * @throws DiffEditException if it is not described, not for this machine, or of another version than the plugin's
	 */
	EngineBuild build() {
		final Properties djl = djlDescription();
		final String output = djl.isEmpty() ? pytorchVersion() : djl.getProperty("version", "");
		final Matcher version = VERSION.matcher(output);
		if (!version.matches()) throw refused("does not say which version of PyTorch it holds");
		final String flavor = djl.isEmpty() ? flavor(version.group(2)) : djl.getProperty("flavor", "cpu");
		final EngineBuild wanted = EngineBuild.here(flavor);
		if (!version.group(1).equals(wanted.version())) throw refused("holds PyTorch " + version.group(1));
		final String classifier = djl.getProperty("classifier", wanted.classifier());
		if (!classifier.equals(wanted.classifier())) throw refused("is made for " + classifier);
		if (!wanted.hasAdapter()) throw refused("is the build " + flavor + ", for which the plugin has no adapter");
		return wanted;
	}

	private DiffEditException refused(final String what) {
		final EngineBuild wanted = EngineBuild.cpu();
		return new DiffEditException(file.getFileName() + " " + what + "; DiffEdit needs PyTorch " + wanted.version() + " for "
			+ wanted.classifier() + ", as cpu or cu128.");
	}

	private Properties djlDescription() {
		final Properties properties = new Properties();
		try (InputStream in = stream("native/lib/pytorch.properties")) {
			properties.load(in);
		}
		catch (final IOException | IllegalArgumentException e) {
			throw refused("has a description that cannot be read");
		}
		return properties;
	}

	private String pytorchVersion() {
		final String plain = text("libtorch/build-version").trim();
		if (!plain.isEmpty()) return plain;
		final Matcher wheel = PYTHON_VERSION.matcher(text("torch/version.py"));
		return wheel.find() ? wheel.group(1) : "";
	}

	private String flavor(final String suffix) {
		if (suffix != null && (suffix.equals("cpu") || suffix.matches("cu\\d{3}"))) return suffix;
		return libraries().stream().anyMatch(entry -> entry.getName().contains("torch_cuda")) ? "cu128" : "cpu";
	}

	private String text(final String name) {
		try (InputStream in = stream(name)) {
			return new String(in.readNBytes(TEXT_BYTES), StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			return "";
		}
	}

	private InputStream stream(final String name) throws IOException {
		final ZipEntry entry = zip.getEntry(name);
		return entry == null ? InputStream.nullInputStream() : zip.getInputStream(entry);
	}

	/** Total size of the files to be extracted. */
	long size() {
		return libraries().stream().mapToLong(ZipEntry::getSize).sum();
	}

	/** The shared libraries in libtorch's folder. */
	List<ZipEntry> libraries() {
		final String folder = folder();
		final List<ZipEntry> libraries = new ArrayList<>();
		final Set<String> names = new HashSet<>();
		for (final Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
			final ZipEntry entry = all.nextElement();
			if (entry.isDirectory() || !entry.getName().startsWith(folder)) continue;
			final String name = entry.getName().substring(folder.length());
			if (!LIBRARY.matcher(name).matches() || name.endsWith(System.mapLibraryName("djl_torch"))) continue;
			if (!names.add(name.toLowerCase(Locale.ROOT))) throw refused("holds " + name + " twice");
			libraries.add(entry);
		}
		return libraries;
	}

	private String folder() {
		final String torch = System.mapLibraryName("torch");
		for (final Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
			final String name = all.nextElement().getName();
			if (name.equals(torch) || name.endsWith("/" + torch)) return name.substring(0, name.length() - torch.length());
		}
		throw refused("holds no " + torch);
	}

	/** Unpacks into a folder; fails if a file exceeds its declared size. */
	void unpack(final Path folder, final DownloadProgress progress) throws IOException {
		final long total = size();
		if (total > MOST_BYTES) throw refused("would unpack to " + total + " bytes");
		long at = 0;
		for (final ZipEntry entry : libraries()) {
			final String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
			final long before = at;
			try (InputStream in = zip.getInputStream(entry)) {
				Unpacking.copy(in, folder.resolve(name), entry.getSize(), (file, bytes, most) -> progress.at(name, before + bytes, total));
			}
			at += entry.getSize();
		}
	}

	@Override
	public void close() {
		try {
			zip.close();
		}
		catch (final IOException e) {
			throw new DiffEditException("The archive " + file + " could not be closed (" + e.getMessage() + ").", e);
		}
	}

	static boolean isLibrary(final String name) {
		return LIBRARY.matcher(name).matches();
	}

}
