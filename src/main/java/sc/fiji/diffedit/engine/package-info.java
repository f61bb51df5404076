/**
 * The native library below everything: which builds of libtorch this machine has, which of them is used, whether it loads
 * here, and DJL's start with it, offline. Uses nothing of the plugin; installing builds is {@code fiji.engine}'s.
 */
package sc.fiji.diffedit.engine;
