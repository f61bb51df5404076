package net.imagej.legacy;

import java.util.LinkedList;

import org.scijava.console.AbstractConsoleArgument;

import ij.IJ;

/** {@code -macro FILE} on the command line. */
public class MacroArgument extends AbstractConsoleArgument {

	/** Takes one word behind it. */
	public MacroArgument() {
		super(2, "-macro");
	}

	@Override
	public void handle(final LinkedList<String> arguments) {
		arguments.removeFirst();
		IJ.runMacroFile(arguments.removeFirst());
	}
}
