/**
 * The only package that assembles components: loads models, including the embedded one
 * ({@link sc.fiji.diffedit.service.DemoModel}), assigns them to devices, caches their results
 * ({@link sc.fiji.diffedit.results.ResultStore}), lends them, estimates the memory of their runs
 * ({@link sc.fiji.diffedit.service.ExpectedMemory}), compares it with the free memory, and unloads them. Uses everything below it;
 * only {@code fiji} and {@code demo} use it.
 */
package sc.fiji.diffedit.service;
