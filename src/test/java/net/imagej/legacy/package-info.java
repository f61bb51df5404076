/**
 * What matters of Fiji's way to run commands, made by hand for tests, since Fiji itself is no part of this project: a command
 * runs on a thread of SciJava while ImageJ's thread waits, the active image is asked for on the former, a macro's keys are
 * looked for in the whole text of its options, and whatever is then open is asked in a form.
 */
package net.imagej.legacy;
