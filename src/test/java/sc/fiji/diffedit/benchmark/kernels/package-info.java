/**
 * JMH micro-benchmarks: what the blocks of the networks, single kernels, and the work beside them cost.
 * {@code scripts/benchmark-kernels} runs them; the sizes are those of Stable Diffusion 1.5.
 */
package sc.fiji.diffedit.benchmark.kernels;
