/**
 * The embedded demo: sample pictures with their ground truth ({@link sc.fiji.diffedit.demo.Samples}), the measures of
 * quality ({@link sc.fiji.diffedit.demo.Figures}) and the contact sheet
 * ({@link sc.fiji.diffedit.demo.ContactSheet}). {@code scripts/demo} is the main class here. Uses everything up to {@code service};
 * only {@code fiji} uses it.
 */
package sc.fiji.diffedit.demo;
