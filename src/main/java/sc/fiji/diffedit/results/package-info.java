/**
 * Remembering: wrappers around networks that look a call up before they make it
 * ({@link sc.fiji.diffedit.results.RememberedUNet}, {@link sc.fiji.diffedit.results.RememberedAutoencoder},
 * {@link sc.fiji.diffedit.results.RememberedPromptEncoder}), and the bounded {@link sc.fiji.diffedit.results.ResultStore}
 * behind them. An answer depends on nothing but the bytes that go into a network and on what the network is, so keys are made
 * of these alone and can forget nothing. A longer inversion, another target or another threshold repeats calls with the same
 * bytes. Uses {@code models}, {@code text} and what is below them; only {@code service} and what stands on it know it.
 */
package sc.fiji.diffedit.results;
