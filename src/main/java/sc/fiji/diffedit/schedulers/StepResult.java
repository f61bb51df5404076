package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * What a step gives, both in the shape of the sample and in the scope that was innermost when the step was taken.
 *
 * @param prevSample the sample at the next noise level of the run ({@code prev_sample} of diffusers)
 * @param predOriginalSample the clean sample as this step estimates it, for previews
 */
public record StepResult(Tensor prevSample, Tensor predOriginalSample) {}
