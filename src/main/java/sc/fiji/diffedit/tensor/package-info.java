/**
 * Numbers, plain and native. Owns the values of the public API ({@link sc.fiji.diffedit.tensor.Picture},
 * {@link sc.fiji.diffedit.tensor.Mask}, {@link sc.fiji.diffedit.tensor.Latents}), native {@link sc.fiji.diffedit.tensor.Tensor}s
 * with the {@link sc.fiji.diffedit.tensor.Scope}s they live in, seeded noise, and the TorchScript programs
 * ({@link sc.fiji.diffedit.tensor.Kernels}) that do all native arithmetic. It is the only package that touches DJL's
 * engine; it uses nothing else of this project.
 */
package sc.fiji.diffedit.tensor;
