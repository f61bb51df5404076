/**
 * Layers. A {@link sc.fiji.diffedit.nn.Block} takes its weights in the constructor and tensors in {@code forward}; the
 * arithmetic of each is a kernel. Owns the only hook by which a memory policy wraps a call
 * ({@link sc.fiji.diffedit.nn.BlockPolicy}). Uses {@code tensor}, {@code config} and {@code weights}.
 */
package sc.fiji.diffedit.nn;
