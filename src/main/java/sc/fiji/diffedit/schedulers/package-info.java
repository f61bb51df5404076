/**
 * Noise schedules, timesteps and steps. A {@link sc.fiji.diffedit.schedulers.Scheduler} is an immutable configuration,
 * read from the {@code scheduler_config.json} of any class; a {@link sc.fiji.diffedit.schedulers.SchedulerRun} takes one
 * batch of images from noise to image (or back), holds the state of its method, and ends with the loop. Scalars
 * are computed in the precision that diffusers has for them, so that results are equal. Uses {@code tensor} and, for
 * configs, {@code config}.
 * <table>
 * <caption>When to use which</caption>
 * <tr><th>for</th><th>scheduler</th><th>steps</th><th>remarks</th></tr>
 * <tr><td>DiffEdit: mask, inversion, edit</td><td>DDIM with DDIMInverse</td><td>50</td><td>the only pair with the same
 * noise levels in both directions; any model's config can be used</td></tr>
 * <tr><td>inversion in fewer steps</td><td>DPMSolverMultistepInverse with DPMSolverMultistep</td><td>20 to 25</td><td>ends
 * differ by one step of noise</td></tr>
 * <tr><td>good images in few steps</td><td>DPMSolverMultistep, {@code use_karras_sigmas} (DPM++ 2M Karras)</td><td>20 to 25</td>
 * <td>the first choice for text-to-image, image-to-image and inpainting</td></tr>
 * <tr><td>very few steps</td><td>UniPCMultistep</td><td>8 to 15</td><td>order 2 with guidance, 3 without</td></tr>
 * <tr><td>SDXL as published</td><td>EulerDiscrete</td><td>30 to 50</td><td>simple and sturdy; churn for variety</td></tr>
 * <tr><td>variety, lively texture</td><td>EulerAncestralDiscrete, or DPMSolverMultistep with {@code sde-dpmsolver++}</td>
 * <td>25 to 40</td><td>new noise in each step: the image changes with the number of steps</td></tr>
 * <tr><td>accuracy per step</td><td>HeunDiscrete</td><td>15 to 25</td><td>calls the network twice for each step</td></tr>
 * <tr><td>SD 1.x as published</td><td>PNDM ({@code skip_prk_steps})</td><td>50</td><td>N + 1 calls of the network</td></tr>
 * <tr><td>older recipes</td><td>LMSDiscrete</td><td>50</td><td>restless below 30 steps</td></tr>
 * <tr><td>LCM models, LCM-LoRA</td><td>LCM</td><td>4 to 8</td><td>guidance of the model itself, or none</td></tr>
 * <tr><td>TCD-LoRA, Hyper-SD</td><td>TCD with an eta of 0.3 to 1</td><td>1 to 8</td><td>no guidance</td></tr>
 * <tr><td>Turbo, Lightning</td><td>EulerAncestralDiscrete, EulerDiscrete with trailing spacing</td><td>1 to 8</td><td>no guidance</td></tr>
 * <tr><td>Playground v2.5, CosXL</td><td>EDMEuler, EDMDPMSolverMultistep</td><td>25 to 50</td><td>only for models trained with them</td></tr>
 * <tr><td>recipes of other programs</td><td>DPMSolverSinglestep (DPM++ 2S), DPMSolverSDE (DPM++ SDE), KDPM2 and its ancestral form (DPM2, DPM2 a), DEIS, DDPM</td>
 * <td>20 to 50</td><td>KDPM2 and SDE call the network twice for each step</td></tr>
 * <tr><td>networks over angles</td><td>IPNDM</td><td>50</td><td>for parity only</td></tr>
 * <tr><td>models trained to zero terminal SNR</td><td>DDIM, Euler or DPMSolverMultistep with {@code rescale_betas_zero_snr}, trailing spacing</td>
 * <td>as above</td><td>v-prediction only, and guidance rescale about 0.7</td></tr>
 * </table>
 */
package sc.fiji.diffedit.schedulers;
