/**
 * Noise schedules, timesteps and steps. A {@link sc.fiji.diffedit.schedulers.Scheduler} is an immutable configuration,
 * read from the {@code scheduler_config.json} of any class; a {@link sc.fiji.diffedit.schedulers.SchedulerRun} walks one
 * batch of images from noise to image (or back), remembers what its method remembers, and dies with the loop. Scalars
 * are computed in the precision that diffusers has for them, so that results are equal. Uses {@code tensor} and, for
 * configs, {@code weights}.
 */
package sc.fiji.diffedit.schedulers;
