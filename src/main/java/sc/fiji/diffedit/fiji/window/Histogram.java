package sc.fiji.diffedit.fiji.window;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.awt.image.IndexColorModel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.function.DoubleConsumer;

import javax.swing.JComponent;
import javax.swing.UIManager;

import sc.fiji.diffedit.fiji.HeatMaps;
/**
 * How often each difference occurs in the heat map, in the map's colours, with a line at the threshold, which can be dragged. Heights
 * are square roots of numbers, so that few large differences are seen beside many small ones.
 */
final class Histogram extends JComponent {

	private static final long serialVersionUID = 1L;

	private static final int HEIGHT = 54, BAR = 9, WORDS = 12, SIDE = 8;
	private static final Color BELOW = new Color(0xb8b8b8), ABOVE = new Color(0xd9480f), LINE = new Color(0x1c1c1c);

	private int[] counts = {};
	private double most;
	private double cut;

	/** @param dragged takes the value of the map at which the user puts the line */
	Histogram(final DoubleConsumer dragged) {
		setPreferredSize(new Dimension(0, HEIGHT));
		setMinimumSize(getPreferredSize());
		final MouseAdapter mouse = new MouseAdapter() {

			@Override
			public void mousePressed(final MouseEvent event) {
				if (most > 0) dragged.accept(Math.max(0, (event.getX() - SIDE) / (double) length()) * most);
			}

			@Override
			public void mouseDragged(final MouseEvent event) {
				mousePressed(event);
			}
		};
		addMouseListener(mouse);
		addMouseMotionListener(mouse);
	}

	/** Shows a map. @param look empty for none */
	void show(final Optional<MaskLook> look) {
		final Optional<MaskLook.Heat> heat = look.flatMap(MaskLook::heat);
		counts = heat.map(MaskLook.Heat::counts).orElse(new int[0]);
		most = heat.map(shown -> (double) shown.differences().largest()).orElse(0.0);
		cut = look.map(MaskLook::cut).orElse(Double.NaN);
		repaint();
	}

	private int length() {
		return Math.max(1, getWidth() - 2 * SIDE);
	}

	@Override
	protected void paintComponent(final Graphics g) {
		g.setFont(getFont() == null ? UIManager.getFont("Label.font").deriveFont(Font.PLAIN) : getFont());
		if (most == 0) {
			g.setColor(UIManager.getColor("Label.disabledForeground"));
			final String hint = counts.length == 0 ? "Find mask shows the heat map here." : "The descriptions do not differ for the model.";
			g.drawString(hint, (getWidth() - g.getFontMetrics().stringWidth(hint)) / 2, getHeight() / 2);
			return;
		}
		final int ground = getHeight() - WORDS - BAR - 2;
		paintBars(g, ground);
		final IndexColorModel colors = HeatMaps.colors();
		for (int x = 0; x < length(); x++) {
			g.setColor(new Color(colors.getRGB(255 * x / length())));
			g.fillRect(SIDE + x, ground + 2, 1, BAR);
		}
		paintEnds(g);
		final int at = SIDE + (int) Math.round(length() * Math.min(1, Math.max(0, cut / most)));
		g.setColor(LINE);
		g.fillRect(at - 1, 0, 2, getHeight() - WORDS);
	}

	/** What the colours mean: no heat, and the largest. */
	private void paintEnds(final Graphics g) {
		g.setFont(g.getFont().deriveFont(WORDS - 2f));
		g.setColor(LINE);
		final String end = new BigDecimal(most).round(new MathContext(2)).toPlainString(), name = "heat";
		g.drawString("0", SIDE, getHeight() - 2);
		g.drawString(name, (getWidth() - g.getFontMetrics().stringWidth(name)) / 2, getHeight() - 2);
		g.drawString(end, getWidth() - SIDE - g.getFontMetrics().stringWidth(end), getHeight() - 2);
	}

	private void paintBars(final Graphics g, final int ground) {
		int highest = 1;
		for (final int count : counts) highest = Math.max(highest, count);
		for (int bin = 0; bin < counts.length; bin++) {
			final int from = SIDE + bin * length() / counts.length, to = SIDE + (bin + 1) * length() / counts.length;
			final int height = (int) Math.ceil(ground * Math.sqrt((double) counts[bin] / highest));
			g.setColor((bin + 0.5) / counts.length * most > cut ? ABOVE : BELOW);
			g.fillRect(from, ground - height, Math.max(1, to - from), height);
		}
	}
}
