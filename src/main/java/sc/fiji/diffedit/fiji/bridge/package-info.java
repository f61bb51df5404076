/**
 * How ImageJ's users, macros and scripts call the commands.
 * <p>
 * In Fiji, plugins in SciJava's chain of processors: {@link sc.fiji.diffedit.fiji.bridge.CallPreprocessor} sets the inputs that
 * the caller gave, {@link sc.fiji.diffedit.fiji.bridge.ResultImages} returns the images to the caller, and
 * {@link sc.fiji.diffedit.fiji.bridge.Calls} reports failures to it. Plain ImageJ 1.54 has no SciJava user interface:
 * {@code plugins.config} names {@link sc.fiji.diffedit.fiji.bridge.RunCommand} once per command, which runs the same chain with a
 * form made from the command's own inputs, and the same macro keys. It may use anything below, and nothing uses it.
 */
package sc.fiji.diffedit.fiji.bridge;
