/**
 * One file per network and one config record per network, named as in diffusers and transformers. A network's tree of
 * objects is the checkpoint's tree of names; it knows nothing of prompts, schedules, devices or memory. The UNet
 * takes samples once that are seen with several conditionings, and computes once what these cannot change. Uses
 * {@code tensor}, {@code config}, {@code weights} and {@code nn}.
 */
package sc.fiji.diffedit.models;
