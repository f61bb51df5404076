package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JPanel;
import javax.swing.JSlider;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.form.Buttons;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.PresetField;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.EditOutputs;

/** The window's part about edits of the mask's image: what is asked, the edits that came of it, and what becomes of them. */
final class EditSection extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 4, PERCENT = 100;

	private final transient Session session;
	private final transient EditDesk desk;
	private final transient EditForm form;
	private final JButton start = new JButton("Edit");
	private final JCheckBox visible = new JCheckBox("Show the edit over the image", true);
	private final Thumbnails thumbnails;
	private final JSlider divider = new JSlider(0, PERCENT, 0), opacity = new JSlider(0, PERCENT, PERCENT);
	private final List<JComponent> ofChosen = new ArrayList<>();
	private final JPanel top = new JPanel(), more = new JPanel(), results = new JPanel();
	private final JButton moreButton = new JButton("More settings");

	/** @param preset of the window, which sets what is asked here too */
	EditSection(final Session session, final PresetField preset) {
		super(new BorderLayout());
		this.session = session;
		desk = session.edits();
		form = new EditForm(session);
		form.follow(preset);
		thumbnails = new Thumbnails(desk::choose);
		buildTop();
		buildResults();
		final JPanel below = new JPanel(new BorderLayout());
		below.add(results, BorderLayout.NORTH);
		final Column all = new Column();
		all.setLayout(new BorderLayout());
		all.add(top, BorderLayout.NORTH);
		all.add(below, BorderLayout.CENTER);
		add(all.scrolled(), BorderLayout.CENTER);
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

	private void buildTop() {
		final Rows rows = new Rows(top);
		rows.add("Seeds", form.seeds().keyboard(), "Where random numbers begin, one edit for each: 7, or 1 to 4, or 1, 5, 9. Same seed, same edit.");
		rows.add("Amount of change", form.strengths().keyboard(), "strength: how far from noise the edit begins; larger changes more. Several, such as 0.5, 0.7, 0.9, make an edit each.");
		rows.addNote(form.seeds(), form.strengths());
		final Rows further = new Rows(more);
		further.addLabel(form.negative());
		further.add(form.negative().component());
		further.addChoice(form.inversion());
		for (final Field number : form.numbers()) further.addNumber(number);
		further.addNote(Stream.concat(Stream.of(form.negative()), form.numbers().stream()).toArray(Field[]::new));
		more.setVisible(false);
		rows.add(more);
		start.setName("Edit");
		start.addActionListener(event -> edit());
		moreButton.setName("more of edits");
		moreButton.addActionListener(event -> {
			more.setVisible(!more.isVisible());
			moreButton.setText(more.isVisible() ? "Fewer settings" : "More settings");
		});
		rows.add(row(start, moreButton));
	}

	private void buildResults() {
		final Rows rows = new Rows(results);
		rows.add(thumbnails);
		visible.setName("visible");
		visible.addActionListener(event -> desk.setVisible(visible.isSelected()));
		rows.add(visible);
		ofChosen.add(visible);
		rows.add("Before | after", slider(divider, "divider", desk::setDivider), "Left of the line is the image as it is, right of it the edit; the line stays where it is when you zoom.");
		rows.add("Opacity", slider(opacity, "opacity", desk::setOpacity), "How much of the edit is seen; it changes no result.");
		rows.add(row(output("Keep as image", "A new image of the edited plane, with its making in its info.", EditOutputs::plane),
			output("Apply to copy", "A copy of the whole image, all slices and frames, with the edit in its place. Your image stays as it is.", EditOutputs::wholeImage),
			output("Next to it", "A new RGB image for figures: left the plane before, right after the edit, as they are displayed.", EditOutputs::sideBySide)));
	}

	/** Buttons side by side, each as wide as its words. */
	static JPanel row(final JButton... buttons) {
		final JPanel row = new JPanel();
		row.setLayout(new BoxLayout(row, BoxLayout.LINE_AXIS));
		for (final JButton button : buttons) {
			if (row.getComponentCount() > 0) row.add(Box.createHorizontalStrut(GAP));
			row.add(button);
		}
		return row;
	}

	private JSlider slider(final JSlider slider, final String name, final DoubleConsumer changed) {
		slider.setName(name);
		slider.addChangeListener(event -> changed.accept((double) slider.getValue() / PERCENT));
		slider.setPreferredSize(new Dimension(0, slider.getPreferredSize().height));
		ofChosen.add(slider);
		return slider;
	}

	private JButton output(final String label, final String tip, final Function<Edit, ImagePlus> make) {
		final JButton button = Buttons.narrow(label, tip, () -> desk.output(make));
		ofChosen.add(button);
		return button;
	}

	/** The window is closed: nothing of it stays on an image. */
	@Override
	public void removeNotify() {
		desk.close();
		super.removeNotify();
	}

	// -- what the user does --

	private void edit() {
		session.job().attempt(() -> desk.start(form.settings()));
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
