/**
 * Caching: wrappers around networks that look up a call in the cache before executing it
 * ({@link sc.fiji.diffedit.results.RememberedUNet}, {@link sc.fiji.diffedit.results.RememberedAutoencoder},
 * {@link sc.fiji.diffedit.results.RememberedPromptEncoder}), and the bounded {@link sc.fiji.diffedit.results.ResultStore}
 * behind them. A result depends only on the bytes that go into a network and on the network itself, so keys consist
 * of these and cannot miss anything. A longer inversion, another target or another threshold repeats calls with the same
 * bytes. Uses {@code models}, {@code text} and what is below them; only {@code service} and the packages above it use it.
 */
package sc.fiji.diffedit.results;
