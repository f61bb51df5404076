package sc.fiji.diffedit.hub;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.WeightNames;

/**
 * A hub's listing of a repository, validated: file names inside the folder, plausible sizes, hashes. Where weights exist in several
 * formats one is selected: safetensors before pickles, the requested variant before the plain one.
 */
final class RepositoryListing {

	private static final int MAX_STEPS_OF_CONFIGS = 2;

	private final URI server;
	private final String repository;
	private final JsonObject json;

	/** @param answer response of {@code /api/models/REPOSITORY/revision/REVISION?blobs=true} */
	RepositoryListing(final URI server, final String repository, final JsonObject answer) {
		this.server = server;
		this.repository = repository;
		this.json = answer;
	}

	/**
	 * Selects the files to download for a revision.
	 *
	 * @param variant such as {@code fp16}; empty for the plain weights
	 * @throws DiffEditException if the listing is invalid, or contains no model in diffusers format
	 */
	DownloadPlan plan(final String revision, final String variant) {
		try {
			return understood(revision, variant);
		}
		catch (final IllegalStateException | ClassCastException | NullPointerException | UnsupportedOperationException | NumberFormatException e) {
			throw new DiffEditException("The server's answer about " + repository + " is not understood; check that " + server + " is a model hub.", e);
		}
	}

	private DownloadPlan understood(final String revision, final String variant) {
		final List<RemoteFile> all = new ArrayList<>();
		for (final JsonElement sibling : json.getAsJsonArray("siblings")) all.add(file(sibling.getAsJsonObject()));
		final String commit = json.get("sha").getAsString();
		if (!commit.matches("[0-9a-f]{40}")) throw new DiffEditException("The server names no commit of " + repository + "; try again later.");
		final List<RemoteFile> chosen = choose(all, variant);
		requireSum(chosen);
		return new DownloadPlan(repository, revision, commit, license(), chosen);
	}

	private RemoteFile file(final JsonObject sibling) {
		final String name = sibling.get("rfilename").getAsString();
		final boolean plain = name.matches("[^\\\\\\x00-\\x1f:*?\"<>|]{1,500}") && !name.startsWith("/") && !name.endsWith("/");
		if (!plain || List.of(name.split("/", -1)).stream().anyMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."))) {
			throw new DiffEditException(repository + " has a file called '" + name.replaceAll("\\p{Cntrl}", "?") + "', which would lie outside its folder; it is not downloaded.");
		}
		final JsonObject large = sibling.has("lfs") && sibling.get("lfs").isJsonObject() ? sibling.getAsJsonObject("lfs") : null;
		final long size = (large == null ? sibling : large).get("size").getAsLong();
		final String hash = large == null ? sibling.get("blobId").getAsString() : large.get("sha256").getAsString();
		if (size < 0 || !hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) throw new DiffEditException(repository + " has a file '" + name + "' without size or checksum; it is not downloaded.");
		return new RemoteFile(name, size, hash);
	}

	private void requireSum(final List<RemoteFile> files) {
		try {
			long sum = 0;
			for (final RemoteFile file : files) sum = Math.addExact(sum, file.size());
		}
		catch (final ArithmeticException e) {
			throw new DiffEditException("The files of " + repository + " are said to be larger than any disk; it is not downloaded.", e);
		}
	}

	private String license() {
		if (json.has("cardData") && json.get("cardData").isJsonObject() && json.getAsJsonObject("cardData").has("license")) {
			final JsonElement license = json.getAsJsonObject("cardData").get("license");
			return license.isJsonPrimitive() ? license.getAsString() : license.toString();
		}
		if (!json.has("tags") || !json.get("tags").isJsonArray()) return "";
		for (final JsonElement tag : json.getAsJsonArray("tags")) {
			if (tag.getAsString().startsWith("license:")) return tag.getAsString().substring("license:".length());
		}
		return "";
	}

	/** Configs, tokenizers, and the best format of each component's weights. */
	private List<RemoteFile> choose(final List<RemoteFile> all, final String variant) {
		final Set<String> names = new HashSet<>();
		all.forEach(file -> names.add(file.name()));
		if (!names.contains(ModelFolder.INDEX)) throw new DiffEditException(repository + " holds no " + ModelFolder.INDEX + "; choose a model in diffusers format.");
		final Set<String> wanted = new HashSet<>();
		for (final RemoteFile file : all) {
			final String[] steps = file.name().split("/");
			final boolean config = steps[steps.length - 1].matches("[\\w.-]+\\.(json|txt|model)") && !file.name().contains(".index.");
			if (steps.length <= MAX_STEPS_OF_CONFIGS && config || file.name().matches("(?i)(readme\\.md|license.*)")) wanted.add(file.name());
			if (steps.length == 2) wanted.addAll(weights(steps[0], names, variant));
		}
		return all.stream().filter(file -> wanted.contains(file.name())).toList();
	}

	private static List<String> weights(final String part, final Set<String> names, final String variant) {
		final List<String> candidates = new ArrayList<>();
		if (!variant.isEmpty()) candidates.addAll(WeightNames.candidates(variant));
		candidates.addAll(WeightNames.candidates(null));
		return candidates.stream().filter(candidate -> names.contains(part + "/" + candidate)).findFirst()
			.map(candidate -> candidate.endsWith(".json") ? shards(part, candidate, names, variant) : List.of(part + "/" + candidate)).orElse(List.of());
	}

	/** An index and its shards. */
	private static List<String> shards(final String part, final String index, final Set<String> names, final String variant) {
		final String kind = index.contains("safetensors") ? "safetensors" : "bin";
		final String stem = index.substring(0, index.indexOf('.'));
		final String middle = variant.isEmpty() || !index.contains(variant) ? "" : "." + variant;
		final Pattern shard = Pattern.compile(".*/[\\w]+" + Pattern.quote(middle) + "-\\d+-of-\\d+\\." + kind);
		final List<String> shards = new ArrayList<>(names.stream().filter(name -> name.startsWith(part + "/" + stem) && shard.matcher(name).matches()).toList());
		shards.add(part + "/" + index);
		return shards;
	}
}
