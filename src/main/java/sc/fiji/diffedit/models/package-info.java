/**
 * One file per network and one config record per network, named as in diffusers and transformers. A network's tree of
 * objects is the checkpoint's tree of names; it is independent of prompts, schedules, devices and memory policies. A
 * {@link sc.fiji.diffedit.models.UNet} is its topology ({@link sc.fiji.diffedit.models.UNet2DConditionModel}), wrapped
 * by {@link sc.fiji.diffedit.models.BatchedUNet}, which splits batches. Uses {@code tensor}, {@code config}, {@code weights} and
 * {@code nn}.
 */
package sc.fiji.diffedit.models;
