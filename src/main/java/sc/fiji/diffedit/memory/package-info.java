/**
 * When and where weights and activations live: policies as values, put around networks that know nothing of them. A
 * {@link sc.fiji.diffedit.memory.MemoryPlan} says what is wanted, {@link sc.fiji.diffedit.memory.ModelMemory} puts it on
 * the networks of a model, and a {@link sc.fiji.diffedit.memory.Mover} is the only one that carries tensors from device to
 * device. Owns the budget too: what is free ({@link sc.fiji.diffedit.memory.FreeMemory}), what a run will take
 * ({@link sc.fiji.diffedit.memory.MemoryEstimate}), and what happens when it does not fit
 * ({@link sc.fiji.diffedit.memory.SmallerPlans}). Uses {@code models} and what is below it.
 */
package sc.fiji.diffedit.memory;
