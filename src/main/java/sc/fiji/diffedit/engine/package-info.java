/**
 * The native library: which builds of libtorch are installed, which of them is used, whether it loads on this machine, and the
 * start of DJL with it, offline. Uses no other package of the plugin; builds are installed by {@code fiji.engine}.
 */
package sc.fiji.diffedit.engine;
