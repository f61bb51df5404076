/**
 * Measures masks and edits on pictures with known results, and which settings are best. May use all but forms, windows and the
 * command line, which calls it.
 */
package sc.fiji.diffedit.fiji.evaluation;
