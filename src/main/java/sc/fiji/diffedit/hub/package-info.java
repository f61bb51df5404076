/**
 * Where models and engines come from: folders and caches on this machine, and downloads that the user asked for. One HTTP
 * client serves them all; it waits for nothing without a limit, goes from https to no other protocol, and a file counts
 * only when it is whole. Uses {@code config} and, for the names of weight files, {@code weights}.
 */
package sc.fiji.diffedit.hub;
