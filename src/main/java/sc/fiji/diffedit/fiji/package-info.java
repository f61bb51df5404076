/**
 * Converts between Fiji's images, selections, label images and heat maps and the plugin's types, and reports progress and
 * cancellation. Images of ImageJ and of imglib2 are read by the same code: an {@code ImagePlus} is wrapped, never copied, and then
 * read like any other {@code RandomAccessibleInterval}. Uses every other package; none uses this one.
 */
package sc.fiji.diffedit.fiji;
