package sc.fiji.diffedit.fiji.window;

import java.awt.Component;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.GridLayout;
import java.awt.Insets;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JSlider;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.EditOutputs;

/** The window's part about edits of the mask's image: what is asked, the edits that came of it, and what becomes of them. */
final class EditSection extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 4, SIDE = 10, PERCENT = 100;

	private final transient Session session;
	private final transient EditDesk desk;
	private final transient EditForm form;
	private final JButton start = new JButton("Edit");
	private final JCheckBox visible = new JCheckBox("Show the edit over the image", true);
	private final Thumbnails thumbnails;
	private final JSlider divider = new JSlider(0, PERCENT, 0), opacity = new JSlider(0, PERCENT, PERCENT);
	private final List<JComponent> ofChosen = new ArrayList<>();
	private int row;

	EditSection(final Session session) {
		super(new GridBagLayout());
		this.session = session;
		desk = session.edits();
		form = new EditForm(session);
		thumbnails = new Thumbnails(desk::choose);
		setBorder(BorderFactory.createEmptyBorder(GAP, SIDE, GAP, SIDE));
		addForm();
		addResults();
		desk.addListener(new Listener());
		session.addListener(new Session.Listener() {

			@Override
			public void jobChanged() {
				update();
			}

			@Override
			public void maskChanged() {
				update();
			}
		});
		update();
	}

	// -- parts --

	private void addForm() {
		addRow("Seeds", form.seeds(), "Where random numbers begin, one edit for each: 7, or 1 to 4, or 1, 5, 9. Same seed, same edit.");
		addRow("Amount of change", form.strengths(), "strength: how far from noise the edit begins; larger changes more. Several, such as 0.5, 0.7, 0.9, make an edit each.");
		for (final Field field : form.fields()) {
			field.keyboard().setName("edit " + field.input().getName());
			addRow(Labels.of(field.input()), field.component(), field.input().getDescription());
		}
		start.setName("Edit");
		start.addActionListener(event -> edit());
		addWide(start, 2 * GAP);
	}

	private void addResults() {
		addWide(thumbnails, 2 * GAP);
		visible.setName("visible");
		visible.addActionListener(event -> desk.setVisible(visible.isSelected()));
		addWide(visible, GAP);
		ofChosen.add(visible);
		addRow("Before / after", slider(divider, "divider", desk::setDivider), "Left of the line is the image as it is, right of it the edit; the line is a part of what the window shows.");
		addRow("Opacity", slider(opacity, "opacity", desk::setOpacity), "How much of the edit is seen; it changes no result.");
		final JPanel buttons = new JPanel(new GridLayout(1, 0, GAP, 0));
		buttons.add(output("Keep as image", "A new image of the edited plane, with its making in its info.", EditOutputs::plane));
		buttons.add(output("Apply to copy", "A copy of the whole image, all slices and frames, with the edit in its place. Your image stays as it is.", EditOutputs::wholeImage));
		buttons.add(output("Next to it", "A new RGB image for figures: left the plane before, right after the edit, as they are displayed.", EditOutputs::sideBySide));
		addWide(buttons, 2 * GAP);
		final GridBagConstraints rest = at(0, 0);
		rest.weighty = 1;
		add(new JPanel(), rest);
	}

	private JSlider slider(final JSlider slider, final String name, final DoubleConsumer changed) {
		slider.setName(name);
		slider.addChangeListener(event -> changed.accept((double) slider.getValue() / PERCENT));
		ofChosen.add(slider);
		return slider;
	}

	private JButton output(final String label, final String tip, final Function<Edit, ImagePlus> make) {
		final JButton button = new JButton(label);
		button.setName(label);
		button.setToolTipText(tip);
		button.setMargin(new Insets(2, 2, 2, 2));
		button.addActionListener(event -> desk.output(make));
		ofChosen.add(button);
		return button;
	}

	private void addRow(final String label, final JComponent field, final String tip) {
		final JLabel caption = new JLabel(label);
		caption.setToolTipText(tip);
		field.setToolTipText(tip);
		add(caption, at(0, GAP));
		final GridBagConstraints place = at(1, GAP);
		place.weightx = 1;
		place.fill = GridBagConstraints.HORIZONTAL;
		place.insets.left = SIDE;
		add(field, place);
		row++;
	}

	private void addWide(final Component part, final int above) {
		final GridBagConstraints place = at(0, above);
		place.gridwidth = 2;
		place.fill = GridBagConstraints.HORIZONTAL;
		add(part, place);
		row++;
	}

	private GridBagConstraints at(final int column, final int above) {
		final GridBagConstraints place = new GridBagConstraints();
		place.gridx = column;
		place.gridy = row;
		place.anchor = GridBagConstraints.LINE_START;
		place.insets = new Insets(above, 0, 0, 0);
		return place;
	}

	/** The window is closed: nothing of it stays on an image. */
	@Override
	public void removeNotify() {
		desk.close();
		super.removeNotify();
	}

	// -- what the user does --

	private void edit() {
		try {
			desk.start(form.settings());
		}
		catch (final DiffEditException e) {
			session.job().say(e.getMessage(), true);
		}
	}

	private void update() {
		start.setEnabled(!session.job().isBusy() && session.state().filter(state -> !state.isBlank()).isPresent());
		start.setToolTipText(start.isEnabled() ? "Edits the image within the mask, in the background." : session.job().isBusy() ? "A run is going on." : "Find a mask first, or add a selection as one.");
		final Optional<Edit> chosen = desk.shown().flatMap(ShownEdits::chosen);
		ofChosen.forEach(part -> part.setEnabled(chosen.isPresent()));
	}

	/** Shows what is on the desk. */
	private final class Listener implements EditDesk.Listener {

		@Override
		public void changed() {
			final Optional<ShownEdits> shown = desk.shown();
			thumbnails.show(shown.map(ShownEdits::edits).orElse(List.of()), shown.flatMap(ShownEdits::chosen));
			if (desk.isComing()) thumbnails.showComing();
			else thumbnails.hideComing();
			shown.ifPresent(edits -> {
				visible.setSelected(edits.isVisible());
				divider.setValue((int) Math.round(PERCENT * edits.divider()));
				opacity.setValue((int) Math.round(PERCENT * edits.opacity()));
			});
			update();
		}

		@Override
		public void previewed(final BufferedImage picture) {
			thumbnails.showComing(picture);
		}

		@Override
		public void returned(final Edit edit) {
			form.show(edit.settings());
		}
	}
}
