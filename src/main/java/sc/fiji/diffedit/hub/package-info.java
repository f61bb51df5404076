/**
 * Finds models and engines in folders and caches on this machine, and downloads them with the user's consent. All use one
 * HTTP client, which has a time limit for each wait, is never redirected from https to another protocol, and accepts a file only
 * when it is complete. Uses {@code config} and, for the names of weight files, {@code weights}.
 */
package sc.fiji.diffedit.hub;
