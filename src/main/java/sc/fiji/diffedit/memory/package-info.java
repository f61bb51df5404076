/**
 * When and where weights and activations live: policies as values, put around networks that know nothing of them. Uses
 * {@code models} and what is below it.
 */
package sc.fiji.diffedit.memory;
