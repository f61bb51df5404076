/**
 * Where models and engines come from: folders and caches on this machine, and downloads that the user has agreed to. All use one
 * HTTP client, which has a time limit for each wait, is never redirected from https to another protocol, and accepts a file only
 * when it is complete. Uses {@code config} and, for the names of weight files, {@code weights}.
 */
package sc.fiji.diffedit.hub;
