/**
 * Edits of the DiffEdit window: computed in the background by the command {@code Edit With Mask}, shown as a layer over the image,
 * remembered, and written down as macro, script or settings file. Uses {@code fiji} and its commands; the window is built on it.
 */
package sc.fiji.diffedit.fiji.layer;
