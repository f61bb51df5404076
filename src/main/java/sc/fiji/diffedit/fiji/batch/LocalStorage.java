package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.UserPath;

/** Inputs anywhere on this machine, outputs in one of its folders. Several processes share an output folder by locks on files. */
final class LocalStorage implements Storage {

	private final Path folder;

	/** @param folder for outputs; it need not exist */
	LocalStorage(final Path folder) {
		this.folder = folder.toAbsolutePath().normalize();
	}

	@Override
	public FileStamp stamp(final String input) throws IOException {
		return FileStamp.of(fetch(input));
	}

	@Override
	public String name(final String input) {
		return fetch(input).getFileName().toString();
	}

	@Override
	public Path fetch(final String input) {
		return UserPath.of(input);
	}

	/** No link leads out of the folder either. */
	@Override
	public void requireWritable(final String output, final String input) throws IOException {
		final Path target = target(output);
		if (!target.startsWith(folder) || target.equals(folder) || target.startsWith(folder.resolve(RECORDS))) throw outside(output);
		Files.createDirectories(folder);
		Path there = target.getParent();
		while (!Files.exists(there)) there = there.getParent();
		if (!there.toRealPath().startsWith(folder.toRealPath()) || Files.isSymbolicLink(target)) throw outside(output);
		if (!input.isEmpty() && target.equals(fetch(input).toAbsolutePath().normalize())) {
			throw new DiffEditException("The output would replace the image " + target + "; choose another folder or name.");
		}
	}

	private DiffEditException outside(final String output) {
		return new DiffEditException("The output " + output + " would lie outside of " + folder + "; choose another name.");
	}

	private Path target(final String output) {
		return folder.resolve(UserPath.of(output)).normalize();
	}

	private Path recordFile(final String output, final String end) {
		return folder.resolve(RECORDS).resolve(output + end);
	}

	@Override
	public Optional<Turn> turn(final String output) {
		return Claim.take(recordFile(output, ".lock")).map(claim -> claim);
	}

	@Override
	public OptionalLong size(final String output) throws IOException {
		final Path file = target(output);
		return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
	}

	@Override
	public Optional<String> record(final String output) throws IOException {
		final Path file = recordFile(output, ".json");
		if (!Files.exists(file)) return Optional.empty();
		try (InputStream in = RegularFile.open(file)) {
			return Optional.of(new String(in.readNBytes(MOST_RECORD_BYTES), StandardCharsets.UTF_8));
		}
	}

	@Override
	public void writeRecord(final String output, final String text) {
		WholeFile.write(recordFile(output, ".json"), text);
	}

	@Override
	public List<String> write(final String output, final Outcome made) {
		return made.write(target(output)).stream().map(file -> file.getFileName().toString()).toList();
	}

	@Override
	public void delete(final String output) throws IOException {
		Files.deleteIfExists(target(output));
	}
}
