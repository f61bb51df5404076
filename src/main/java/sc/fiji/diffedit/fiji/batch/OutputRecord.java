package sc.fiji.diffedit.fiji.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.config.UserPath;

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

	private static final OutputRecord DAMAGED = new OutputRecord(Optional.empty(), false, List.of(), List.of());

	static OutputRecord begun(final Request request) {
		return new OutputRecord(Optional.of(request), false, List.of(), List.of());
	}

	/** @param sizes of the files as they lie there now, by their names */
	static OutputRecord of(final Request request, final Map<String, Long> sizes, final List<String> notices) {
		return new OutputRecord(Optional.of(request), true, sizes.entrySet().stream().map(file -> file.getKey() + "/" + file.getValue()).toList(), notices);
	}

	/** The record that a text holds. One that cannot be read counts as begun. */
	static OutputRecord parse(final String text) {
		try {
			final JsonObject json = JsonText.object("The record", text);
			final Request request = new Request(Objects.requireNonNull(json.getAsJsonObject("request")), Objects.requireNonNull(json.getAsJsonObject("stamps")));
			return new OutputRecord(Optional.of(request), json.get("done").getAsBoolean(), texts(json.getAsJsonArray("files")), texts(json.getAsJsonArray("notices")));
		}
		catch (final DiffEditException | IllegalStateException | ClassCastException | NullPointerException | UnsupportedOperationException e) {
			return DAMAGED;
		}
	}

	private static List<String> texts(final JsonArray array) {
		final List<String> texts = new ArrayList<>();
		for (final JsonElement text : array) texts.add(text.getAsString());
		return texts;
	}

	/** The record as {@link #parse} reads it. */
	String text() {
		final JsonObject json = new JsonObject();
		json.addProperty("done", done);
		json.add("request", request.orElseThrow().identity());
		json.add("stamps", request.orElseThrow().stamps());
		json.add("files", array(files));
		json.add("notices", array(notices));
		return JsonText.pretty(json) + "\n";
	}

	private static JsonArray array(final List<String> texts) {
		final JsonArray array = new JsonArray();
		texts.forEach(array::add);
		return array;
	}

	/**
	 * Whether these very outputs are there.
	 *
	 * @param sizes of files by their names; empty for what is not there
	 */
	boolean isOf(final Request wanted, final Function<String, OptionalLong> sizes) {
		return done && request.isPresent() && request.get().identity().equals(wanted.identity()) && files.stream().allMatch(entry -> isThere(sizes, entry));
	}

	private static boolean isThere(final Function<String, OptionalLong> sizes, final String entry) {
		final OptionalLong size = sizes.apply(name(entry));
		return size.isPresent() && entry.substring(entry.indexOf('/') + 1).equals(String.valueOf(size.getAsLong()));
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
