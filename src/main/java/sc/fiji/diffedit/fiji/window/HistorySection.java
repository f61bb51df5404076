package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.FileDialog;
import java.awt.Frame;
import java.awt.Toolkit;
import java.awt.datatransfer.StringSelection;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.BiFunction;

import javax.swing.BorderFactory;
import javax.swing.DefaultListCellRenderer;
import javax.swing.DefaultListModel;
import javax.swing.ImageIcon;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.KeyStroke;
import javax.swing.ListSelectionModel;
import javax.swing.ScrollPaneConstants;
import javax.swing.SwingUtilities;

import org.scijava.Context;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.fiji.form.Buttons;
import sc.fiji.diffedit.fiji.form.Keys;
import sc.fiji.diffedit.fiji.layer.HistoryEntry;
import sc.fiji.diffedit.fiji.layer.Replay;

/** The window's part about what was made before: a click goes back to it, buttons write it down. */
final class HistorySection extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 4, SIDE = 8, TEXT_WIDTH = 140;
	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

	private final transient Session session;
	private final transient SessionHistory history;
	private final transient EditDesk desk;
	private final DefaultListModel<HistoryEntry> entries = new DefaultListModel<>();
	private final JList<HistoryEntry> list = new JList<>(entries);
	private final JLabel notice = new JLabel();
	private final JButton macro = Buttons.narrow("Copy macro", "A macro that makes the chosen mask or edit again, with corrections, to the same bits.", () -> copy(Replay::macro, "Plugins > New > Macro"));
	private final JButton groovy = Buttons.narrow("Copy Groovy", "The same as a Groovy script for Fiji's script editor.", () -> copy(Replay::groovy, "Fiji's File > New > Script"));
	private final JButton save = Buttons.narrow("Save settings...", "A JSON file that says how the chosen mask or edit was made, for Make Again From Info...", this::save);

	HistorySection(final Session session) {
		super(new BorderLayout(0, GAP));
		this.session = session;
		history = session.history();
		desk = session.edits();
		setBorder(BorderFactory.createEmptyBorder(GAP, SIDE, GAP, SIDE));
		buildList();
		final JPanel foot = new JPanel(new BorderLayout(0, GAP));
		foot.add(notice, BorderLayout.NORTH);
		foot.add(EditSection.row(macro, groovy, save), BorderLayout.SOUTH);
		add(new JScrollPane(list, ScrollPaneConstants.VERTICAL_SCROLLBAR_AS_NEEDED, ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER), BorderLayout.CENTER);
		add(foot, BorderLayout.SOUTH);
		history.addListener(this::update);
		update();
	}

	private void buildList() {
		list.setName("history");
		list.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
		list.setCellRenderer(new Renderer());
		list.setToolTipText("A click goes back to the mask or edit, with all its settings.");
		list.addListSelectionListener(event -> enableButtons());
		list.addMouseListener(new MouseAdapter() {

			@Override
			public void mouseClicked(final MouseEvent event) {
				if (list.getSelectedIndex() >= 0 && list.getCellBounds(list.getSelectedIndex(), list.getSelectedIndex()).contains(event.getPoint())) goBack();
			}
		});
		list.registerKeyboardAction(event -> goBack(), KeyStroke.getKeyStroke(KeyEvent.VK_ENTER, 0), WHEN_FOCUSED);
	}

	private void update() {
		final HistoryEntry chosen = list.getSelectedValue();
		entries.clear();
		history.entries().forEach(entries::addElement);
		if (chosen != null) list.setSelectedValue(chosen, false);
		notice.setVisible(!history.notice().isEmpty());
		notice.setText("<html>" + Sentences.escaped(history.notice()) + "</html>");
		enableButtons();
	}

	private void enableButtons() {
		final HistoryEntry chosen = list.getSelectedValue();
		macro.setEnabled(chosen != null);
		groovy.setEnabled(chosen != null);
		save.setEnabled(chosen instanceof EditEntry || chosen instanceof MaskEntry found && found.state().map().isPresent());
	}

	/** Not while something is computed from what stands in the window now. */
	private void goBack() {
		if (session.job().isBusy() || list.getSelectedValue() == null) return;
		if (list.getSelectedValue() instanceof EditEntry made) desk.returnTo(made.edit(), made.state());
		else if (list.getSelectedValue() instanceof MaskEntry found) returnTo(found);
	}

	private void returnTo(final MaskEntry found) {
		final Optional<ImagePlus> image = Optional.ofNullable(found.image().get()).filter(there -> there.getProcessor() != null);
		if (image.isEmpty()) {
			session.job().say("\"" + found.title() + "\" is not open any more, so there is nothing to show its mask on; Copy macro still writes it down.", false);
			return;
		}
		session.follow(image.get());
		session.returnTo(found.state());
	}

	private void copy(final BiFunction<Replay, Context, String> write, final String editor) {
		final HistoryEntry chosen = list.getSelectedValue();
		session.job().aside(() -> write.apply(Replays.of(chosen), session.context()), text -> {
			Toolkit.getDefaultToolkit().getSystemClipboard().setContents(new StringSelection(text), null);
			session.job().say("Copied " + Counted.of(text.lines().count(), "line") + " to paste into the editor of " + editor + ".", false);
		});
	}

	private void save() {
		final HistoryEntry chosen = list.getSelectedValue();
		final FileDialog dialog = new FileDialog((Frame) SwingUtilities.getWindowAncestor(this), "Save settings", FileDialog.SAVE);
		dialog.setFile(Replays.fileName(chosen));
		final Optional<String> file = Keys.whileOpen(this, () -> {
			dialog.setVisible(true);
			return Optional.ofNullable(dialog.getFile());
		});
		file.ifPresent(name -> save(chosen, Path.of(dialog.getDirectory(), name.replaceFirst("(\\.json)?$", ".json"))));
	}

	private void save(final HistoryEntry chosen, final Path file) {
		session.job().aside(() -> {
			ProvenanceFile.write(file, Replays.made(chosen));
			return file.getFileName();
		}, name -> session.job().say("Saved " + name + ".", false));
	}

	/** A picture, and beside it what it is and when it was made. */
	private static final class Renderer extends DefaultListCellRenderer {

		private static final long serialVersionUID = 1L;

		@Override
		public Component getListCellRendererComponent(final JList<?> all, final Object value, final int index, final boolean selected, final boolean focused) {
			super.getListCellRendererComponent(all, "", index, selected, focused);
			final HistoryEntry entry = (HistoryEntry) value;
			setText("<html><div style='width:" + TEXT_WIDTH + "px'>" + Sentences.escaped(entry.text()) + "<br><small>" + TIME.format(entry.time()) + "</small></div></html>");
			setIcon(new ImageIcon(entry.thumbnail()));
			setIconTextGap(SIDE);
			setBorder(BorderFactory.createEmptyBorder(GAP, GAP, GAP, GAP));
			setFont(getFont().deriveFont(java.awt.Font.PLAIN));
			return this;
		}
	}
}
