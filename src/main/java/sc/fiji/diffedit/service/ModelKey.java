package sc.fiji.diffedit.service;

/**
 * By what something in memory is found again. A folder of one kind asked for as another must be refused, not taken for it.
 *
 * @param kind of what the folder was opened as: a diffusion model, a captioner, a prompt generator
 * @param options it was borrowed with
 */
record ModelKey(Class<?> kind, LoadOptions options) {}
