/**
 * The algorithms: DiffEdit ({@link sc.fiji.diffedit.pipelines.DiffEditPipeline}), text-to-image, image-to-image and
 * inpainting, each with its request and result as values. A pipeline takes the parts of a
 * {@link sc.fiji.diffedit.pipelines.DiffusionModel} as they are and knows nothing of where they come from or live. Uses
 * everything before it on the road, and {@code schedulers}.
 */
package sc.fiji.diffedit.pipelines;
