package sc.fiji.diffedit.fiji.record;

import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.Toolkit;
import java.awt.datatransfer.StringSelection;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.nio.file.Path;

import javax.swing.BorderFactory;
import javax.swing.JComboBox;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;
import javax.swing.SwingUtilities;

import ij.IJ;
import ij.WindowManager;
import ij.io.SaveDialog;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.form.Buttons;

/** The session's calls as a script that grows with each call. */
public final class ScriptWindow extends JFrame {

	private static final long serialVersionUID = 1L;

	private static final String TITLE = "DiffEdit Recorder";
	private static final int ROWS = 16, COLUMNS = 90, GAP = 6;
	private static ScriptWindow open;

	private final transient SessionCalls session;
	private final JComboBox<ScriptLanguage> language = new JComboBox<>(ScriptLanguage.values());
	private final JTextArea text = new JTextArea(ROWS, COLUMNS);

	private ScriptWindow(final SessionCalls session) {
		super(TITLE);
		this.session = session;
		text.setName("script");
		text.setEditable(false);
		text.setLineWrap(true);
		text.setWrapStyleWord(true);
		text.setFont(new Font(Font.MONOSPACED, Font.PLAIN, text.getFont().getSize()));
		add(top(), BorderLayout.NORTH);
		add(new JScrollPane(text), BorderLayout.CENTER);
		setDefaultCloseOperation(DISPOSE_ON_CLOSE);
		addWindowListener(new WindowAdapter() {

			@Override
			public void windowClosed(final WindowEvent event) {
				WindowManager.removeWindow(ScriptWindow.this);
			}
		});
		session.whenChanged(() -> SwingUtilities.invokeLater(this::showScript));
		showScript();
		pack();
		setLocationByPlatform(true);
	}

	/** Shows the window; there is one of it. */
	public static void open(final SessionCalls session) {
		SwingUtilities.invokeLater(() -> {
			if (open == null || !open.isDisplayable()) {
				open = new ScriptWindow(session);
				WindowManager.addWindow(open);
			}
			open.setVisible(true);
			open.toFront();
		});
	}

	private JPanel top() {
		final JPanel top = new JPanel(new FlowLayout(FlowLayout.LEADING, GAP, 0));
		top.setBorder(BorderFactory.createEmptyBorder(GAP, 0, GAP, 0));
		language.setName("language");
		language.addActionListener(event -> showScript());
		top.add(new JLabel("Record as"));
		top.add(language);
		top.add(Buttons.of("Copy", "Copies the script", this::copy));
		top.add(Buttons.of("Save...", "Saves the script as a file", this::save));
		top.add(Buttons.of("Clear", "Begins a new script", session::clear));
		top.add(new JLabel("DiffEdit's commands since ImageJ was started"));
		return top;
	}

	private ScriptLanguage language() {
		return (ScriptLanguage) language.getSelectedItem();
	}

	private void showScript() {
		text.setText(language().script(session.calls()));
		text.setCaretPosition(text.getDocument().getLength());
	}

	private void copy() {
		Toolkit.getDefaultToolkit().getSystemClipboard().setContents(new StringSelection(text.getText()), null);
	}

	private void save() {
		final SaveDialog dialog = new SaveDialog("Save script", language().file(), "");
		if (dialog.getFileName() != null) write(Path.of(dialog.getDirectory(), dialog.getFileName()));
	}

	private void write(final Path file) {
		try {
			WholeFile.write(file, text.getText());
		}
		catch (final DiffEditException e) {
			IJ.error(TITLE, e.getMessage());
		}
	}
}
