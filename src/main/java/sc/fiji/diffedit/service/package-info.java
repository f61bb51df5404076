/**
 * The only place where parts are wired together: opens models, the embedded one included
 * ({@link sc.fiji.diffedit.service.DemoModel}), places them, lets them remember
 * ({@link sc.fiji.diffedit.results.ResultStore}), lends them, tells what their runs will take
 * ({@link sc.fiji.diffedit.service.ExpectedMemory}) and checks it against what is free, and frees them. Uses everything
 * before it on the road; only {@code fiji} and {@code demo} use it.
 */
package sc.fiji.diffedit.service;
