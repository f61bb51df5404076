package sc.fiji.diffedit.fiji.window;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import javax.swing.BorderFactory;
import javax.swing.ButtonGroup;
import javax.swing.ImageIcon;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JToggleButton;
import javax.swing.SwingConstants;
import javax.swing.UIManager;
import javax.swing.border.Border;

import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.Edits;
import sc.fiji.diffedit.fiji.layer.Thumbnail;

/** Small pictures of edits in a row, of which one is chosen; at the end the one that is computed now. */
final class Thumbnails extends JScrollPane {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 3, CAPTION = 17, SCROLLBAR = 15;
	private static final float CAPTION_SIZE = 11;
	private static final Color CHOSEN = new Color(0x2a6fd6);
	private static final Border CHOSEN_BORDER = BorderFactory.createLineBorder(CHOSEN, 2), OTHER_BORDER = BorderFactory.createEmptyBorder(2, 2, 2, 2);

	private final JPanel row = new JPanel(new FlowLayout(FlowLayout.LEADING, GAP, GAP));
	private final JLabel coming = new JLabel("", SwingConstants.CENTER);
	private final transient Consumer<Edit> choose;
	private ButtonGroup group = new ButtonGroup();

	/** @param choose takes the edit on which the user clicks */
	Thumbnails(final Consumer<Edit> choose) {
		super(VERTICAL_SCROLLBAR_NEVER, HORIZONTAL_SCROLLBAR_AS_NEEDED);
		this.choose = choose;
		setViewportView(row);
		setBorder(BorderFactory.createLineBorder(UIManager.getColor("controlShadow")));
		setPreferredSize(new Dimension(0, Thumbnail.EDGE + CAPTION + 4 * GAP + SCROLLBAR));
		setMinimumSize(getPreferredSize());
		coming.setName("coming");
		coming.setFont(coming.getFont().deriveFont(Font.PLAIN, CAPTION_SIZE));
		coming.setBorder(BorderFactory.createDashedBorder(UIManager.getColor("controlShadow")));
		coming.setPreferredSize(new Dimension(Thumbnail.EDGE + 4, Thumbnail.EDGE + CAPTION + 4));
		coming.setVerticalTextPosition(SwingConstants.BOTTOM);
		coming.setHorizontalTextPosition(SwingConstants.CENTER);
	}

	/** Shows these edits. */
	void show(final List<Edit> edits, final Optional<Edit> chosen) {
		row.removeAll();
		group = new ButtonGroup();
		final Iterator<String> captions = Edits.captions(edits).iterator();
		for (final Edit edit : edits) row.add(button(edit, captions.next(), chosen.filter(one -> one == edit).isPresent()));
		update();
	}

	/** Shows at the end that an edit is computed. */
	void showComing() {
		coming.setIcon(null);
		coming.setText("computing");
		row.add(coming);
		update();
	}

	/** Shows the edit on its way. */
	void showComing(final BufferedImage picture) {
		coming.setIcon(new ImageIcon(Thumbnail.of(picture)));
		coming.setText("on its way");
	}

	/** Nothing is computed any more. */
	void hideComing() {
		row.remove(coming);
		update();
	}

	private void update() {
		row.revalidate();
		row.repaint();
	}

	private JToggleButton button(final Edit edit, final String caption, final boolean isChosen) {
		final JToggleButton button = new JToggleButton(caption, new ImageIcon(edit.thumbnail()), isChosen);
		button.setName("edit " + caption);
		button.setToolTipText(edit.text());
		button.setVerticalTextPosition(SwingConstants.BOTTOM);
		button.setHorizontalTextPosition(SwingConstants.CENTER);
		button.setContentAreaFilled(false);
		button.setIconTextGap(1);
		button.setFont(button.getFont().deriveFont(Font.PLAIN, CAPTION_SIZE));
		button.setBorder(isChosen ? CHOSEN_BORDER : OTHER_BORDER);
		button.addItemListener(event -> button.setBorder(button.isSelected() ? CHOSEN_BORDER : OTHER_BORDER));
		button.addActionListener(event -> choose.accept(edit));
		group.add(button);
		return button;
	}
}
