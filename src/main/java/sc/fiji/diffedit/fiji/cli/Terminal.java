package sc.fiji.diffedit.fiji.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.Supplier;

import org.scijava.Context;

/**
 * Where a call reads and writes, and with what it works.
 *
 * @param in tables, if {@code -} is given for one
 * @param out results alone, so that programs can read them
 * @param err everything for people: notices, progress, what is wrong
 * @param interactive whether somebody looks at {@code err}, so that it may have a line that changes
 * @param context the services of commands and models, which take a second to start; disposed by whoever made it
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive, Supplier<Context> context) {}
