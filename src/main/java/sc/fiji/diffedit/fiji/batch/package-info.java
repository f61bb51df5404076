/**
 * Commands on files: a {@link sc.fiji.diffedit.fiji.batch.Verb} names a command, {@link sc.fiji.diffedit.fiji.batch.TextCall} runs it on texts and
 * paths, and {@link sc.fiji.diffedit.fiji.batch.BatchWorker} does one {@linkplain sc.fiji.diffedit.fiji.batch.BatchRow row} of a table so that it
 * can be repeated, interrupted and done by several processes. {@link sc.fiji.diffedit.fiji.batch.Batch} does all rows of a
 * {@link sc.fiji.diffedit.fiji.batch.BatchPlan}. Without any window but that of Batch Folder...; the command line is built on this package.
 */
package sc.fiji.diffedit.fiji.batch;
