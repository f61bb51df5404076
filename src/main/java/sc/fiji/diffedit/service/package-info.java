/**
 * The only place where components are put together: opens models, the embedded one included
 * ({@link sc.fiji.diffedit.service.DemoModel}), places them, caches their
 * results ({@link sc.fiji.diffedit.results.ResultStore}), lends them, estimates the memory of their runs
 * ({@link sc.fiji.diffedit.service.ExpectedMemory}), compares it with what is free, and unloads them. Uses everything
 * below it; only {@code fiji} and {@code demo} use it.
 */
package sc.fiji.diffedit.service;
