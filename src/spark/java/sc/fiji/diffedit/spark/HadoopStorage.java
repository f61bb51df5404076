package sc.fiji.diffedit.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.Outcome;
import sc.fiji.diffedit.fiji.batch.Storage;

/**
 * The files of one row: inputs and outputs on file systems that Hadoop knows, copied from and to a folder of this machine. Nothing is
 * locked, as most of these systems cannot: whoever makes an output at the same time writes the same bytes, and each file appears whole.
 */
final class HadoopStorage implements Storage, AutoCloseable {

	private static final String DISK = "file";

	private final HadoopFiles files;
	private final Path folder;
	private final Path parts;
	private final java.nio.file.Path scratch;
	/** Inputs that are here by now. */
	private final Map<String, java.nio.file.Path> fetched = new HashMap<>();

	/**
	 * @param output the folder for outputs
	 * @param application that writes them, whose unfinished files lie together
	 * @param scratch where a folder for this row is made, which goes with it
	 */
	HadoopStorage(final HadoopFiles files, final String output, final String application, final java.nio.file.Path scratch) throws IOException {
		this.files = files;
		folder = files.path(output);
		parts = HadoopFiles.parts(folder, application);
		this.scratch = Files.createTempDirectory(Files.createDirectories(scratch), "diffedit-");
	}

	@Override
	public FileStamp stamp(final String input) throws IOException {
		final Path file = files.path(input);
		final FileStatus now = files.system(file).getFileStatus(file);
		return new FileStamp(now.getLen(), FileTime.fromMillis(now.getModificationTime()), "");
	}

	@Override
	public String name(final String input) {
		return files.path(input).getName();
	}

	/** Each in a folder of its own, since two may have one name. */
	@Override
	public java.nio.file.Path fetch(final String input) throws IOException {
		final java.nio.file.Path known = fetched.get(input);
		if (known != null) return known;
		final Path file = files.path(input);
		final java.nio.file.Path here = Files.createDirectory(scratch.resolve(String.valueOf(fetched.size()))).resolve(file.getName());
		try {
			files.fetch(file, here);
		}
		catch (final IOException e) {
			throw new DiffEditException("There is no readable file " + file + " (" + WholeFile.reason(e) + "); give the path of an image.", e);
		}
		fetched.put(input, here);
		return here;
	}

	@Override
	public void requireWritable(final String output, final String input) throws IOException {
		final List<String> names = Arrays.asList(output.split("/", -1));
		if (names.contains("") || names.contains(".") || names.contains("..") || names.get(0).equals(RECORDS)) {
			throw new DiffEditException("The output " + output + " would lie outside of " + folder + "; choose another name.");
		}
		if (!input.isEmpty() && target(output).equals(files.path(input))) {
			throw new DiffEditException("The output would replace the image " + input + "; choose another folder or name.");
		}
		if (folder.toUri().getScheme().equals(DISK)) Storage.of(java.nio.file.Path.of(folder.toUri())).requireWritable(output, ""); // links, which may lead out
	}

	private Path target(final String output) {
		return files.path(folder, output);
	}

	private Path recordFile(final String output) {
		return files.path(folder, RECORDS + "/" + output + ".json");
	}

	@Override
	public Optional<Turn> turn(final String output) {
		return Optional.of(() -> {});
	}

	@Override
	public OptionalLong size(final String output) throws IOException {
		final Path file = target(output);
		try {
			final FileStatus found = files.system(file).getFileStatus(file);
			return found.isFile() ? OptionalLong.of(found.getLen()) : OptionalLong.empty();
		}
		catch (final FileNotFoundException e) {
			return OptionalLong.empty();
		}
	}

	@Override
	public Optional<String> record(final String output) throws IOException {
		try {
			return Optional.of(new String(files.read(recordFile(output), MOST_RECORD_BYTES), StandardCharsets.UTF_8));
		}
		catch (final FileNotFoundException e) {
			return Optional.empty();
		}
	}

	@Override
	public void writeRecord(final String output, final String text) {
		files.write(recordFile(output), parts, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Override
	public List<String> write(final String output, final Outcome made) throws IOException {
		final java.nio.file.Path here = Files.createDirectory(scratch.resolve("made"));
		final List<String> names = new ArrayList<>();
		for (final java.nio.file.Path file : made.write(here.resolve(output.substring(output.lastIndexOf('/') + 1)))) {
			final String name = file.getFileName().toString();
			files.write(target(Storage.beside(output, name)), parts, out -> Files.copy(file, out));
			names.add(name);
		}
		return names;
	}

	@Override
	public void delete(final String output) throws IOException {
		final Path file = target(output);
		files.system(file).delete(file, false);
	}

	@Override
	public void close() {
		FileUtils.deleteQuietly(scratch.toFile());
	}
}
