/**
 * The algorithms: DiffEdit ({@link sc.fiji.diffedit.pipelines.DiffEditPipeline}), text-to-image, image-to-image and
 * inpainting, each with its request and result as values. A pipeline takes the parts of a
 * {@link sc.fiji.diffedit.pipelines.DiffusionModel} as they are and does not depend on how they were loaded or where they are. Uses
 * {@code schedulers}, {@code text} and what is below them.
 */
package sc.fiji.diffedit.pipelines;
