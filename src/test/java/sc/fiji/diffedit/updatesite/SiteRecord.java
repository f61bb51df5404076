package sc.fiji.diffedit.updatesite;

import java.util.ArrayList;
import java.util.List;

/**
 * One file in the database of an update site.
 *
 * @param name its name inside Fiji, with its version
 * @param current what the site offers now, {@code null} when the file is no longer shipped
 * @param previous what it offered before, oldest first
 */
record SiteRecord(String name, Version current, List<Version> previous) {

	/**
	 * One content that a file has or had.
	 *
	 * @param name the file's name in that version
	 * @param checksum by {@link FijiChecksum}
	 * @param timestamp of its release, {@code yyyyMMddHHmmss}
	 * @param size in bytes; 0 for previous versions
	 * @param obsolete when it was replaced; 0 while it is current
	 */
	record Version(String name, String checksum, long timestamp, long size, long obsolete) {

		private Version replacedAt(final long when) {
			return new Version(name, checksum, timestamp, 0, when);
		}
	}

	static SiteRecord first(final Version version) {
		return new SiteRecord(version.name(), version, List.of());
	}

	/** The same file with another content, or unchanged if it is the same content. */
	SiteRecord updated(final Version next) {
		if (current != null && current.checksum().equals(next.checksum())) return this;
		return new SiteRecord(next.name(), next, history(next.timestamp()));
	}

	/** The file when it is no longer shipped. */
	SiteRecord obsolete(final long when) {
		return current == null ? this : new SiteRecord(name, null, history(when));
	}

	private List<Version> history(final long when) {
		if (current == null) return previous;
		if (when <= current.timestamp()) {
			throw new IllegalStateException("The release time " + when + " of " + name + " is not later than the last one, " + current.timestamp());
		}
		final List<Version> versions = new ArrayList<>(previous);
		versions.add(current.replacedAt(when));
		return versions;
	}

	/** Where the site keeps the content. */
	String payload() {
		return name + "-" + current.timestamp();
	}
}
