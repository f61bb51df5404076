/**
 * PyTorch's native library and the state of the installation: fetching, importing and removing builds of libtorch, and a
 * report that says what was loaded from where. It may use everything below; nothing uses it.
 */
package sc.fiji.diffedit.fiji.engine;
