/**
 * Manages the native library: finds the installed builds of libtorch, selects one that loads on this machine, and starts DJL with
 * it, offline. Uses no other package of the plugin; builds are installed by {@code fiji.engine}.
 */
package sc.fiji.diffedit.engine;
