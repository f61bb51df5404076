package sc.fiji.diffedit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.JsonText;

/**
 * Downloads a model by its repository name, only at the user's request: first a {@link DownloadPlan} to be shown (licence, files,
 * sizes), then the files, into a cache in Hugging Face's layout, which other programs share. An interrupted download is resumed.
 * Every file is checked against the SHA-256 (or, for small ones, git's own SHA-1) from the server's listing, and the snapshot is
 * created when all files are complete.
 */
public final class ModelDownload {

	/** The default server. */
	public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

	private static final int MAX_ANSWER = 32 << 20;

	private final URI base;
	private final Http http;

	/** @param base the server, such as {@link #HUGGING_FACE} */
	public ModelDownload(final URI base) {
		this(base, Http.STANDARD);
	}

	ModelDownload(final URI base, final Http http) {
		this.base = base;
		this.http = http;
	}

	/**
	 * Requests the listing of a repository and selects the files that are needed.
	 *
	 * @param repository such as {@code org/name}
	 * @param revision branch, tag or commit; {@code main} usually
	 * @param variant such as {@code fp16}; empty for the plain weights
	 * @throws DiffEditException if there is no such repository, or no model in diffusers format in it
	 */
	public DownloadPlan plan(final String repository, final String revision, final String variant) {
		return plan(repository, revision, variant, DownloadProgress.NONE);
	}

	/** The same; {@code progress} is called several times a second and may cancel. */
	public DownloadPlan plan(final String repository, final String revision, final String variant, final DownloadProgress progress) {
		if (!repository.matches("[\\w][\\w.-]*(/[\\w][\\w.-]*)?") || repository.contains("..")) throw new DiffEditException("'" + repository + "' is not the name of a repository; give one such as org/name.");
		if (!revision.matches("[\\w][\\w./-]*") || revision.contains("..")) throw new DiffEditException("'" + revision + "' is not a revision; give a branch, a tag or a commit.");
		final URI address = base.resolve("/api/models/" + repository + "/revision/" + encode(revision) + "?blobs=true");
		return new RepositoryListing(base, repository, json(address, repository, progress)).plan(revision, variant);
	}

	private static String encode(final String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	private JsonObject json(final URI address, final String repository, final DownloadProgress progress) {
		try (Http.Answer response = http.get(address, Map.of(), () -> progress.at(repository, 0, -1))) {
			if (List.of(401, 403, 404).contains(response.status())) {
				throw new DiffEditException("There is no public repository " + repository + " on " + base.getHost() + "; check its name, or download it by hand.");
			}
			if (response.status() != Http.OK) throw new DiffEditException(base.getHost() + " answers with status " + response.status() + "; try again later.");
			return JsonText.object("The server's answer about " + repository, text(response.body()));
		}
		catch (final IOException e) {
			throw new DiffEditException(base.getHost() + " cannot be reached (" + e.getMessage() + "); check the network, then go on with the same command.", e);
		}
	}

	private static String text(final InputStream body) throws IOException {
		return new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
	}

	/**
	 * Downloads the files of a plan that are missing in the cache.
	 *
	 * @param cache folder in Hugging Face's layout
	 * @return the model's folder in the cache
	 * @throws DiffEditException if the server stops or sends other content than listed; partial files are kept
	 */
	public Path fetch(final DownloadPlan plan, final Path cache, final DownloadProgress progress) {
		try {
			Files.createDirectories(plan.folder(cache).resolve("blobs"));
			requireSpace(plan, cache);
			long before = 0;
			for (final RemoteFile file : plan.files()) {
				fetch(plan, file, plan.blob(cache, file), before, progress);
				before += file.size();
				progress.at(file.name(), before, plan.size());
			}
			return snapshot(plan, cache);
		}
		catch (final IOException e) {
			throw new DiffEditException(plan.repository() + " could not be stored (" + WholeFile.reason(e) + "); what has arrived is kept; make room there, then run the same command again to resume.", e);
		}
	}

	private static void requireSpace(final DownloadPlan plan, final Path cache) throws IOException {
		final long free = Files.getFileStore(cache).getUsableSpace(), needed = plan.missing(cache);
		if (needed > free) {
			throw new DiffEditException(plan.repository() + " needs " + needed + " more bytes in " + cache + ", where " + free
				+ " are free; free some space, or choose another cache in Model Folders....");
		}
	}

	private void fetch(final DownloadPlan plan, final RemoteFile file, final Path blob, final long before, final DownloadProgress progress) throws IOException {
		if (Whole.is(blob, file)) return;
		final String path = Stream.of(file.name().split("/")).map(ModelDownload::encode).collect(Collectors.joining("/"));
		final URI address = base.resolve("/" + plan.repository() + "/resolve/" + plan.commit() + "/" + path);
		new Download(http, address, file.name(), Optional.of(Expected.of(file)), (name, bytes, total) -> progress.at(name, before + bytes, plan.size()))
			.to(DownloadPlan.partial(blob), blob);
	}

	/** Creates the snapshot folder with the files under their names, and the reference of the branch to it. */
	private static Path snapshot(final DownloadPlan plan, final Path cache) throws IOException {
		final Path snapshot = plan.folder(cache).resolve("snapshots").resolve(plan.commit());
		for (final RemoteFile file : plan.files()) {
			final Path place = snapshot.resolve(file.name());
			if (!Whole.is(place, file)) link(plan.blob(cache, file), place);
		}
		if (!plan.revision().equals(plan.commit())) {
			final Path ref = plan.folder(cache).resolve("refs").resolve(plan.revision());
			WholeFile.replaceShared(ref, ref.getParent(), part -> Files.writeString(part, plan.commit(), StandardCharsets.UTF_8));
		}
		return snapshot;
	}

	/** Creates a relative link like Hugging Face's client, or a copy where links are not permitted. */
	private static void link(final Path blob, final Path place) throws IOException {
		Files.createDirectories(place.getParent());
		Files.deleteIfExists(place);
		try {
			Files.createSymbolicLink(place, place.getParent().relativize(blob));
		}
		catch (final UnsupportedOperationException | IOException e) {
			WholeFile.replace(place, part -> Files.copy(blob, part));
		}
	}
}
