/**
 * Connects the commands to ImageJ's users, macros and scripts.
 * <p>
 * In Fiji, SciJava's preprocessors and postprocessors do this: {@link sc.fiji.diffedit.fiji.bridge.CallPreprocessor} sets the inputs that
 * the caller gave, {@link sc.fiji.diffedit.fiji.bridge.Results} returns the images to the caller, and
 * {@link sc.fiji.diffedit.fiji.bridge.Calls} reports failures to it. Plain ImageJ 1.54 has no SciJava user interface:
 * {@code plugins.config} names {@link sc.fiji.diffedit.fiji.bridge.RunCommand} once per command, which runs the same chain with a
 * form made from the command's own inputs, and the same macro keys. May use every package below it; no package uses it.
 */
package sc.fiji.diffedit.fiji.bridge;
