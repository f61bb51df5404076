package sc.fiji.diffedit.hub;

/**
 * A file of a repository on a hub.
 *
 * @param name path inside the repository
 * @param size bytes
 * @param hash SHA-256 in hex (64 digits), or git's SHA-1 (40 digits) for files stored in git itself
 */
public record RemoteFile(String name, long size, String hash) {}
