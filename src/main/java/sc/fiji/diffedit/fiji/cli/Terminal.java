package sc.fiji.diffedit.fiji.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a call reads and writes.
 *
 * @param in tables, if {@code -} is given for one
 * @param out results alone, so that programs can read them
 * @param err everything for people: notices, progress, what is wrong
 * @param interactive whether somebody looks at {@code err}, so that it may have a line that changes
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
