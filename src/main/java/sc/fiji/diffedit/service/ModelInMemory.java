package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.Locale;

/**
 * A model that the service holds.
 *
 * @param options as it was borrowed
 * @param device where it computes
 * @param bytes of its weights, as they lie in memory once all are used
 * @param leases how many borrowers hold it now
 * @param idle how long nobody has lent it or given it back
 */
public record ModelInMemory(LoadOptions options, String device, long bytes, int leases, Duration idle) {

	/** One line for lists. */
	public String line() {
		final String use = leases > 0 ? "in use" : idle.toMinutes() < 1 ? "used less than a minute ago" : "used " + idle.toMinutes() + " min ago";
		return String.format(Locale.ROOT, "%s: %s on %s, weights of %.2f GB, %s", options.model(), options.dtype(), device, bytes / 1e9, use);
	}
}
