package sc.fiji.diffedit.fiji.batch;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What became of a row.
 *
 * @param row which
 * @param status what became of it
 * @param reason of a failure, one sentence; else empty
 * @param notices sentences that are no errors
 * @param seconds it took
 */
public record RowResult(BatchRow row, Status status, String reason, List<String> notices, double seconds) implements Serializable {

	/** What can become of a row. */
	public enum Status {
		/** Done now. */
		DONE,
		/** Its output was there already, made from the same inputs. */
		KEPT,
		/** Another process is doing it. */
		BUSY,
		/** Not done, for a reason. */
		FAILED,
		/** Not begun, because the batch was stopped before. */
		STOPPED;

		/** As tables have it. */
		public String word() {
			return name().toLowerCase(Locale.ROOT);
		}
	}
}
