/**
 * Downloads, imports and removes builds of libtorch, and creates a report of the installation: which native library was loaded, and
 * from where. May use every package below it; no package uses it.
 */
package sc.fiji.diffedit.fiji.engine;
