/**
 * When and where weights and activations live: policies are values, attached to networks that do not depend on them. A
 * {@link sc.fiji.diffedit.memory.MemoryPlan} describes the policy, {@link sc.fiji.diffedit.memory.ModelMemory} applies it to
 * the networks of a model, and only a {@link sc.fiji.diffedit.memory.Mover} moves tensors between devices. Owns the budget too: what is free ({@link sc.fiji.diffedit.memory.FreeMemory}), what a run will need
 * ({@link sc.fiji.diffedit.memory.MemoryEstimate}), and what happens when it does not fit
 * ({@link sc.fiji.diffedit.memory.SmallerPlans}). Uses {@code models} and what is below it.
 */
package sc.fiji.diffedit.memory;
