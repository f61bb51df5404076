package sc.fiji.diffedit.fiji.screen;

import java.awt.Dimension;

import javax.swing.JDialog;
import javax.swing.text.JTextComponent;

import sc.fiji.diffedit.fiji.commands.Demo;

/** Opens a form and touches nothing: the line about memory comes to its end by itself, and its place stays as it is. */
public final class MemoryLineOnScreen {

	private MemoryLineOnScreen() {}

	public static void main(final String[] args) {
		Program.start(Demo.class);
		final JDialog form = Forms.open(Demo.class);
		final JTextComponent line = (JTextComponent) Forms.find(form, "expected");
		final Dimension whole = form.getSize(), place = line.getSize();
		Program.waitFor(() -> line.getText().startsWith("Memory with preset "), "what memory is needed, but " + line.getText());
		Program.require(form.getSize().equals(whole) && line.getSize().equals(place), "grew to " + form.getSize() + " and " + line.getSize());
		Program.require(place.height < 70, "higher than three rows: " + place);
		Program.require(line.getToolTipText().contains("weights "), "the rest is in the tool tip: " + line.getToolTipText());
		System.exit(0);
	}
}
