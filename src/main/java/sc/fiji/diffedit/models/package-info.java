/**
 * One file per network and one config record per network, named as in diffusers and transformers. A network's tree of
 * objects is the checkpoint's tree of names; it knows nothing of prompts, schedules, devices or memory. A
 * {@link sc.fiji.diffedit.models.UNet} is topology ({@link sc.fiji.diffedit.models.UNet2DConditionModel}) with batch
 * cutting ({@link sc.fiji.diffedit.models.BatchedUNet}) around it. Uses {@code tensor}, {@code config}, {@code weights} and
 * {@code nn}.
 */
package sc.fiji.diffedit.models;
