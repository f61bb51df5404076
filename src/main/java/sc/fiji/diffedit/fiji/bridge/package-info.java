/**
 * How ImageJ's users, macros and scripts call the commands.
 * <p>
 * In Fiji, plugins in SciJava's chain of processors: {@link sc.fiji.diffedit.fiji.bridge.CallPreprocessor} gives a command what
 * its caller means, {@link sc.fiji.diffedit.fiji.bridge.ResultImages} gives the caller the images, and
 * {@link sc.fiji.diffedit.fiji.bridge.Calls} tells it of failures. Plain ImageJ 1.54 knows nothing of SciJava's user interface:
 * {@code plugins.config} names {@link sc.fiji.diffedit.fiji.bridge.RunCommand} once per command, which runs the same chain with a
 * form made from the command's own inputs, and the same macro keys. It may use anything below, and nothing uses it.
 */
package sc.fiji.diffedit.fiji.bridge;
