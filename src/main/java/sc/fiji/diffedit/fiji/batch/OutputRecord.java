package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.WholeFile;

/**
 * What stands beside an output about how it was made. It is written before the work begins and again when all files are there, so
 * that a file without one was made by somebody else, and an unfinished one counts for nothing.
 *
 * @param request what was asked for; empty if the record is damaged
 * @param done whether all files were written
 * @param files their names and sizes, {@code name/size}
 * @param notices of the run
 */
record OutputRecord(Optional<Request> request, boolean done, List<String> files, List<String> notices) {

	/** Far more than names and notices of one output take. */
	private static final long MOST_BYTES = 16 << 20;
	private static final Optional<OutputRecord> DAMAGED = Optional.of(new OutputRecord(Optional.empty(), false, List.of(), List.of()));

	static OutputRecord begun(final Request request) {
		return new OutputRecord(Optional.of(request), false, List.of(), List.of());
	}

	/** @param files as they lie on the disk now */
	static OutputRecord of(final Request request, final List<Path> files, final List<String> notices) throws IOException {
		final List<String> names = new ArrayList<>();
		for (final Path file : files) names.add(file.getFileName() + "/" + Files.size(file));
		return new OutputRecord(Optional.of(request), true, names, notices);
	}

	/** The record in a file; empty if there is none. One that cannot be read counts as begun. */
	static Optional<OutputRecord> read(final Path file) {
		if (!Files.exists(file)) return Optional.empty();
		try {
			if (Files.size(file) > MOST_BYTES) return DAMAGED;
			final JsonObject json = JsonText.object(file.toString(), Files.readString(file));
			final Request request = new Request(Objects.requireNonNull(json.getAsJsonObject("request")), Objects.requireNonNull(json.getAsJsonObject("stamps")));
			return Optional.of(new OutputRecord(Optional.of(request), json.get("done").getAsBoolean(), texts(json.getAsJsonArray("files")), texts(json.getAsJsonArray("notices"))));
		}
		catch (final IOException | DiffEditException | IllegalStateException | ClassCastException | NullPointerException | UnsupportedOperationException e) {
			return DAMAGED;
		}
	}

	private static List<String> texts(final JsonArray array) {
		final List<String> texts = new ArrayList<>();
		for (final JsonElement text : array) texts.add(text.getAsString());
		return texts;
	}

	void write(final Path file) {
		final JsonObject json = new JsonObject();
		json.addProperty("done", done);
		json.add("request", request.orElseThrow().identity());
		json.add("stamps", request.orElseThrow().stamps());
		json.add("files", array(files));
		json.add("notices", array(notices));
		WholeFile.write(file, JsonText.pretty(json) + "\n");
	}

	private static JsonArray array(final List<String> texts) {
		final JsonArray array = new JsonArray();
		texts.forEach(array::add);
		return array;
	}

	/** Whether these very outputs are there. */
	boolean isOf(final Request wanted, final Path folder) {
		return done && request.isPresent() && request.get().identity().equals(wanted.identity()) && files.stream().allMatch(entry -> isThere(folder, entry));
	}

	private static boolean isThere(final Path folder, final String entry) {
		final Path file = folder.resolve(name(entry));
		try {
			return Files.isRegularFile(file) && Files.size(file) == Long.parseLong(entry.substring(entry.indexOf('/') + 1));
		}
		catch (final IOException | NumberFormatException e) {
			return false;
		}
	}

	/** Names only, whatever somebody has written into the record: {@code .} and {@code ..} are places. */
	private static String name(final String entry) {
		final String name = UserPath.of(entry.substring(0, Math.max(0, entry.indexOf('/')))).getFileName().toString();
		return name.matches("\\.{0,2}") ? "no name" : name;
	}

	/** Files of this record that a later one does not have, such as a heat map that is no longer asked for. */
	List<String> without(final OutputRecord later) {
		final List<String> kept = later.files.stream().map(OutputRecord::name).toList();
		return files.stream().map(OutputRecord::name).filter(name -> !kept.contains(name)).toList();
	}
}
