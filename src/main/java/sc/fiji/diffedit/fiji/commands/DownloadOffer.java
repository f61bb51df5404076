package sc.fiji.diffedit.fiji.commands;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.hub.DownloadPlan;
import sc.fiji.diffedit.hub.ModelDownload;
import sc.fiji.diffedit.hub.RemoteFile;

/**
 * What users read before a model is fetched, and may agree to.
 *
 * @param plan the files of the model
 * @param server where they come from
 * @param cache where they go
 */
record DownloadOffer(DownloadPlan plan, URI server, Path cache) {

	private static final long LARGE = 1_000_000;

	/** The address of a server; empty for the one of Hugging Face. */
	static URI server(final String written) {
		if (written == null || written.isBlank()) return ModelDownload.HUGGING_FACE;
		try {
			final URI address = URI.create(written.strip());
			if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) return address;
		}
		catch (final IllegalArgumentException e) {
			// refused below
		}
		throw new DiffEditException("\"" + written + "\" is not the address of a server; write one such as https://huggingface.co.");
	}

	/** How commands call the model. */
	String name() {
		return plan.revision().equals("main") ? plan.repository() : plan.repository() + "@" + plan.revision();
	}

	/** What would be fetched, under which licence, from where to where. */
	String text() {
		final String licence = plan.license().isEmpty() ? "not given; see " + server + "/" + plan.repository() : plan.license();
		final StringBuilder text = new StringBuilder(name() + " (commit " + plan.commit().substring(0, 8) + ") from " + server + "\nLicence: " + licence + "\n");
		for (final RemoteFile file : plan.files()) {
			if (file.size() >= LARGE) text.append(file.name()).append(": ").append(size(file.size())).append('\n');
		}
		return text.append("Together ").append(size(plan.size())).append(" in ").append(plan.files().size()).append(" files, of which ")
			.append(size(plan.missing(cache))).append(" are to be fetched into ").append(cache).toString();
	}

	private static String size(final long bytes) {
		if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
		return bytes < 1_000_000_000 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6) : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
	}
}
