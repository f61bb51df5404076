/**
 * The only place where parts are wired together: opens models, the embedded one included
 * ({@link sc.fiji.diffedit.service.DemoModel}), places them, lends them, tells what their runs will take
 * ({@link sc.fiji.diffedit.service.ExpectedMemory}) and checks it against what is free, frees them, and keeps what they have
 * answered ({@link sc.fiji.diffedit.service.ResultCache}). Uses everything before it on the road; only {@code fiji} and
 * {@code demo} use it.
 */
package sc.fiji.diffedit.service;
