package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.io.File;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFileChooser;
import javax.swing.JPanel;
import javax.swing.JTextField;

import org.scijava.module.ModuleItem;

/** The path of a file or folder, typed or looked for. */
final class PathField extends TextField {

	private static final int COLUMNS = 24, GAP = 4;

	private final JPanel panel = new JPanel(new BorderLayout(GAP, 0));
	private final JButton browse;

	/**
	 * @param mode as {@link JFileChooser} has it
	 * @param several whether what is chosen comes behind what stands there, as in a class path
	 */
	PathField(final ModuleItem<?> input, final Values values, final int mode, final boolean several) {
		super(input, values, new JTextField(COLUMNS));
		browse = browse(input, panel, mode, this::typed, path -> show(several && !typed().isBlank() ? typed() + File.pathSeparator + path : path));
		panel.add(text(), BorderLayout.CENTER);
		panel.add(browse, BorderLayout.EAST);
	}

	/** A button that opens a file chooser at the path in the text field. */
	static JButton browse(final ModuleItem<?> input, final JComponent parent, final int mode, final Supplier<String> now,
		final Consumer<String> chosen)
	{
		final JButton button = new JButton("Browse...");
		button.setName("browse " + input.getName());
		button.addActionListener(event -> {
			final JFileChooser chooser = new JFileChooser(new File(now.get()).getAbsoluteFile().getParentFile());
			chooser.setDialogTitle(Labels.of(input));
			chooser.setFileSelectionMode(mode);
			final int answer = Keys.whileOpen(parent, () -> chooser.showOpenDialog(parent));
			if (answer == JFileChooser.APPROVE_OPTION) chosen.accept(chooser.getSelectedFile().getPath());
		});
		return button;
	}

	@Override
	public JComponent component() {
		return panel;
	}

	@Override
	void enable(final boolean needed) {
		super.enable(needed);
		browse.setEnabled(needed);
	}
}
