/**
 * When and where weights and activations live: policies as values, put around networks that know nothing of them. A
 * {@link sc.fiji.diffedit.memory.MemoryPlan} says what is wanted, {@link sc.fiji.diffedit.memory.ModelMemory} puts it on
 * the networks of a model, and a {@link sc.fiji.diffedit.memory.Mover} is the only one that carries tensors from device to
 * device. Uses {@code models} and what is below it.
 */
package sc.fiji.diffedit.memory;
