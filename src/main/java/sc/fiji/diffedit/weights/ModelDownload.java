package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.JsonText;

/**
 * Fetches a model by its repository's name, only when the user asks for it: first a {@link Plan} to be shown (licence,
 * files, sizes), then the files, into a cache of the Hugging Face hub's layout, which other programs share. An interrupted
 * download goes on where it stopped. Every file is checked against the SHA-256 (or, for small ones, git's own SHA-1) that
 * the server named in the plan, and the snapshot appears when all are there. Of weights that exist in several forms one is
 * fetched: safetensors before pickles, the wished variant before the plain one.
 */
public final class ModelDownload {

	/** The hub, unless the user names another server. */
	public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

	private static final int MAX_ANSWER = 32 << 20;
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final URI base;
	private final HttpClient client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).connectTimeout(Duration.ofSeconds(20)).build();

	/**
	 * A file of a repository.
	 *
	 * @param name path inside the repository
	 * @param size bytes
	 * @param hash SHA-256 in hex (64 digits), or git's SHA-1 (40 digits) for files that are kept in git itself
	 */
	public record RemoteFile(String name, long size, String hash) {}

	/**
	 * What a download would fetch.
	 *
	 * @param repository such as {@code org/name}
	 * @param revision branch, tag or commit that was asked for
	 * @param commit the commit that is
	 * @param license as the model's card says; empty if it says nothing
	 * @param files what would be fetched
	 */
	public record Plan(String repository, String revision, String commit, String license, List<RemoteFile> files) {

		/** Bytes of all files together. */
		public long size() {
			return files.stream().mapToLong(RemoteFile::size).sum();
		}

		/** Bytes of the files that are not in a cache yet, wholly or in part. */
		public long missing(final Path cache) {
			return files.stream().mapToLong(file -> file.size() - present(blob(cache, this, file), file)).sum();
		}

		private static long present(final Path blob, final RemoteFile file) {
			final long whole = blob.toFile().length(), part = partial(blob).toFile().length();
			return whole == file.size() ? whole : part <= file.size() ? part : 0;
		}
	}

	/** Told how far a download is; may throw {@link CancelledException} to end it. */
	@FunctionalInterface
	public interface Progress {

		void at(String file, long bytes, long total);
	}

	/** @param base the server, such as {@link #HUGGING_FACE} */
	public ModelDownload(final URI base) {
		this.base = base;
	}

	// -- planning --

	/**
	 * Asks the server what a repository holds and chooses what is needed.
	 *
	 * @param repository such as {@code org/name}
	 * @param revision branch, tag or commit; {@code main} usually
	 * @param variant such as {@code fp16}; empty for the plain weights
	 * @throws DiffEditException if there is no such repository, or no model in diffusers format in it
	 */
	public Plan plan(final String repository, final String revision, final String variant) {
		if (!repository.matches("[\\w][\\w.-]*(/[\\w][\\w.-]*)?") || repository.contains("..")) throw new DiffEditException("'" + repository + "' is no repository's name; give one such as org/name.");
		if (!revision.matches("[\\w][\\w./-]*") || revision.contains("..")) throw new DiffEditException("'" + revision + "' is no revision; give a branch, a tag or a commit.");
		final JsonObject answer = json(base.resolve("/api/models/" + repository + "/revision/" + encode(revision) + "?blobs=true"), repository);
		try {
			final List<RemoteFile> all = new ArrayList<>();
			for (final JsonElement sibling : answer.getAsJsonArray("siblings")) all.add(file(sibling.getAsJsonObject(), repository));
			final String commit = answer.get("sha").getAsString();
			if (!commit.matches("[0-9a-f]{40}")) throw new DiffEditException("The server names no commit of " + repository + "; try again later.");
			return new Plan(repository, revision, commit, license(answer), choose(repository, all, variant));
		}
		catch (final IllegalStateException | ClassCastException | NullPointerException | UnsupportedOperationException e) {
			throw new DiffEditException("The server's answer about " + repository + " is not understood; is " + base + " a model hub?", e);
		}
	}

	private static String encode(final String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	private RemoteFile file(final JsonObject sibling, final String repository) {
		final String name = sibling.get("rfilename").getAsString();
		final boolean plain = name.matches("[^\\\\\\x00-\\x1f:*?\"<>|]{1,500}") && !name.startsWith("/") && !name.endsWith("/");
		if (!plain || List.of(name.split("/", -1)).stream().anyMatch(step -> step.isEmpty() || step.equals(".") || step.equals(".."))) {
			throw new DiffEditException(repository + " has a file called '" + name + "', which would lie outside its folder; it is not downloaded.");
		}
		final JsonObject large = sibling.has("lfs") && sibling.get("lfs").isJsonObject() ? sibling.getAsJsonObject("lfs") : null;
		final long size = (large == null ? sibling : large).get("size").getAsLong();
		final String hash = large == null ? sibling.get("blobId").getAsString() : large.get("sha256").getAsString();
		if (size < 0 || !hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) throw new DiffEditException(repository + " has a file '" + name + "' without size or checksum; it is not downloaded.");
		return new RemoteFile(name, size, hash);
	}

	private static String license(final JsonObject answer) {
		if (answer.has("cardData") && answer.get("cardData").isJsonObject() && answer.getAsJsonObject("cardData").has("license")) {
			final JsonElement license = answer.getAsJsonObject("cardData").get("license");
			return license.isJsonPrimitive() ? license.getAsString() : license.toString();
		}
		if (!answer.has("tags") || !answer.get("tags").isJsonArray()) return "";
		for (final JsonElement tag : answer.getAsJsonArray("tags")) {
			if (tag.getAsString().startsWith("license:")) return tag.getAsString().substring("license:".length());
		}
		return "";
	}

	/** Configs, tokenizers, and of each part's weights the best form. */
	private static List<RemoteFile> choose(final String repository, final List<RemoteFile> all, final String variant) {
		final Set<String> names = new HashSet<>();
		all.forEach(file -> names.add(file.name()));
		if (!names.contains(ModelFolder.INDEX)) throw new DiffEditException(repository + " holds no " + ModelFolder.INDEX + "; choose a model in diffusers format.");
		final Set<String> wanted = new HashSet<>();
		for (final RemoteFile file : all) {
			final String[] steps = file.name().split("/");
			final boolean config = steps[steps.length - 1].matches("[\\w.-]+\\.(json|txt|model)") && !file.name().contains(".index.");
			if (steps.length <= 2 && config || file.name().matches("(?i)(readme\\.md|license.*)")) wanted.add(file.name());
			if (steps.length == 2) wanted.addAll(weights(steps[0], names, variant));
		}
		return all.stream().filter(file -> wanted.contains(file.name())).toList();
	}

	private static List<String> weights(final String part, final Set<String> names, final String variant) {
		final List<String> candidates = new ArrayList<>();
		if (!variant.isEmpty()) candidates.addAll(WeightNames.candidates(variant));
		candidates.addAll(WeightNames.candidates(null));
		for (final String candidate : candidates) {
			if (!names.contains(part + "/" + candidate)) continue;
			if (!candidate.endsWith(".json")) return List.of(part + "/" + candidate);
			final String kind = candidate.contains("safetensors") ? "safetensors" : "bin";
			final String stem = candidate.substring(0, candidate.indexOf('.'));
			final String middle = variant.isEmpty() || !candidate.contains(variant) ? "" : "." + variant;
			final List<String> shards = new ArrayList<>(names.stream()
				.filter(name -> name.startsWith(part + "/" + stem) && name.matches(".*/[\\w]+" + Pattern.quote(middle) + "-\\d+-of-\\d+\\." + kind)).toList());
			shards.add(part + "/" + candidate);
			return shards;
		}
		return List.of();
	}

	private JsonObject json(final URI uri, final String repository) {
		final HttpResponse<InputStream> answer = send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build());
		try (InputStream body = answer.body()) {
			if (answer.statusCode() == 401 || answer.statusCode() == 403 || answer.statusCode() == 404) {
				throw new DiffEditException("There is no repository " + repository + " on " + base.getHost() + " that everyone may read; check its name, or fetch it by hand.");
			}
			if (answer.statusCode() != 200) throw new DiffEditException(base.getHost() + " answers with status " + answer.statusCode() + "; try again later.");
			final byte[] bytes = body.readNBytes(MAX_ANSWER);
			return JsonText.object("The server's answer about " + repository, new String(bytes, StandardCharsets.UTF_8));
		}
		catch (final IOException e) {
			throw new DiffEditException("The server's answer about " + repository + " is not understood; is " + base + " a model hub?", e);
		}
	}

	private HttpResponse<InputStream> send(final HttpRequest request) {
		try {
			return client.send(request, BodyHandlers.ofInputStream());
		}
		catch (final IOException e) {
			throw new DiffEditException(base.getHost() + " cannot be reached (" + e.getMessage() + "); check the network, then go on with the same command.", e);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new CancelledException();
		}
	}

	// -- fetching --

	/**
	 * Fetches what a plan names and the cache lacks.
	 *
	 * @param cache folder of the hub's layout
	 * @return the model's folder in the cache
	 * @throws DiffEditException if the server stops or sends something else than it promised; what has arrived is kept
	 */
	public Path fetch(final Plan plan, final Path cache, final Progress progress) {
		final Path model = modelFolder(cache, plan);
		final Path snapshot = model.resolve("snapshots").resolve(plan.commit());
		try {
			Files.createDirectories(model.resolve("blobs"));
			requireSpace(plan, cache);
			long before = 0;
			for (final RemoteFile file : plan.files()) {
				final Path blob = blob(cache, plan, file);
				if (!Files.isRegularFile(blob) || Files.size(blob) != file.size()) fetch(plan, file, blob, before, progress);
				before += file.size();
				progress.at(file.name(), before, plan.size());
			}
			for (final RemoteFile file : plan.files()) link(blob(cache, plan, file), snapshot.resolve(file.name()));
			if (!plan.revision().equals(plan.commit())) {
				final Path ref = model.resolve("refs").resolve(plan.revision());
				Files.createDirectories(ref.getParent());
				Files.writeString(ref, plan.commit(), StandardCharsets.UTF_8);
			}
			return snapshot;
		}
		catch (final IOException e) {
			throw new DiffEditException(plan.repository() + " could not be stored (" + e.getMessage() + "); what has arrived is kept, and the same command goes on.", e);
		}
	}

	private static Path modelFolder(final Path cache, final Plan plan) {
		return cache.resolve(ModelPlaces.folderOf(plan.repository()));
	}

	private static Path blob(final Path cache, final Plan plan, final RemoteFile file) {
		return modelFolder(cache, plan).resolve("blobs").resolve(file.hash());
	}

	private static Path partial(final Path blob) {
		return blob.resolveSibling(blob.getFileName() + ".incomplete");
	}

	private static void requireSpace(final Plan plan, final Path cache) throws IOException {
		final long free = Files.getFileStore(cache).getUsableSpace(), needed = plan.missing(cache);
		if (needed > free) {
			throw new DiffEditException(plan.repository() + " needs " + needed + " more bytes in " + cache + ", where " + free
				+ " are free; free some space, or choose another cache in Model Folders....");
		}
	}

	private void fetch(final Plan plan, final RemoteFile file, final Path blob, final long before, final Progress progress) throws IOException {
		final Path partial = partial(blob);
		long have = Files.isRegularFile(partial) ? Files.size(partial) : 0;
		if (have > file.size()) have = 0;
		if (have < file.size() || file.size() == 0) {
			final String path = "/" + plan.repository() + "/resolve/" + plan.commit() + "/" + String.join("/", List.of(file.name().split("/")).stream().map(ModelDownload::encode).toList());
			final HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
			if (have > 0) request.header("Range", "bytes=" + have + "-");
			final HttpResponse<InputStream> answer = send(request.build());
			try (InputStream body = answer.body()) {
				if (answer.statusCode() != 200 && answer.statusCode() != 206) {
					throw new DiffEditException(base.getHost() + " answers with status " + answer.statusCode() + " for " + file.name() + "; what has arrived is kept, go on later.");
				}
				receive(file, body, partial, answer.statusCode() == 206 ? have : 0, before, plan.size(), progress);
			}
		}
		if (!hash(partial, file).equals(file.hash())) {
			Files.delete(partial);
			throw new DiffEditException(file.name() + " arrived with another checksum than " + plan.repository() + " names; it was removed. Try again, or choose another source.");
		}
		SafetensorsWriter.move(partial, blob);
	}

	private static void receive(final RemoteFile file, final InputStream body, final Path partial, final long have, final long before, final long total, final Progress progress)
		throws IOException
	{
		try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			out.truncate(have);
			out.position(have);
			long at = have;
			final byte[] buffer = new byte[1 << 16];
			for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
				at += read;
				if (at > file.size()) throw new DiffEditException(file.name() + " is longer than the server said; it is not stored.");
				final ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
				while (bytes.hasRemaining()) out.write(bytes);
				progress.at(file.name(), before + at, total);
			}
			if (at < file.size()) throw new DiffEditException(file.name() + " ended after " + at + " of " + file.size() + " bytes; what has arrived is kept, and the same command goes on.");
		}
	}

	/** SHA-256 of the contents, or for files kept in git its SHA-1 of a blob. */
	private static String hash(final Path path, final RemoteFile file) throws IOException {
		try (InputStream in = Files.newInputStream(path)) {
			final boolean git = file.hash().length() == 40;
			final MessageDigest digest = MessageDigest.getInstance(git ? "SHA-1" : "SHA-256");
			if (git) digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
			final byte[] buffer = new byte[1 << 16];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) digest.update(buffer, 0, read);
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e);
		}
	}

	/** A relative link as the hub's own client makes it; a copy where links are not allowed. */
	private static void link(final Path blob, final Path place) throws IOException {
		Files.createDirectories(place.getParent());
		if (Files.exists(place)) return;
		Files.deleteIfExists(place);
		try {
			Files.createSymbolicLink(place, place.getParent().relativize(blob));
		}
		catch (final UnsupportedOperationException | IOException e) {
			Files.copy(blob, place);
		}
	}
}
