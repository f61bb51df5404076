package sc.fiji.diffedit.fiji.evaluation;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

import ij.gui.Plot;

/** Means with their standard errors as dots with whiskers, a row for each of some ways and a colour for each figure, from 0 to 1. Needs no display. */
final class DotPlot {

	/** Told apart by the colour-blind too (Okabe and Ito). */
	private static final List<Color> COLORS = List.of(new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), new Color(0xcc79a7));
	private static final List<String> SHAPES = List.of("circle", "box", "triangle", "diamond");
	private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
	private static final int WIDTH = 560, ROW = 40, HEAD = 26, GAP = 12;
	/** How far apart the figures of a row are, in rows. */
	private static final double SPREAD = 0.6;

	private final String axis;
	private final List<String> rows;
	private final List<String> names = new ArrayList<>();
	private final List<List<Mean>> figures = new ArrayList<>();

	/** @param rows from top to bottom */
	DotPlot(final String axis, final List<String> rows) {
		this.axis = axis;
		this.rows = rows;
	}

	/** @param means one for each row; those over no samples are left out */
	void add(final String name, final List<Mean> means) {
		names.add(name);
		figures.add(means);
	}

	/** ImageJ's plot of the numbers, with the names of rows beside it and those of figures above. */
	BufferedImage image() {
		final Plot plot = plot();
		final BufferedImage dots = withoutNumbersOfRows(plot);
		final FontMetrics metrics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics().getFontMetrics(FONT);
		final int left = GAP + rows.stream().mapToInt(metrics::stringWidth).max().orElse(0);
		final BufferedImage image = new BufferedImage(left + GAP + dots.getWidth(), HEAD + dots.getHeight(), BufferedImage.TYPE_INT_RGB);
		final Graphics2D pen = image.createGraphics();
		pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
		pen.setColor(Color.WHITE);
		pen.fillRect(0, 0, image.getWidth(), image.getHeight());
		pen.drawImage(dots, left + GAP, HEAD, null);
		pen.setFont(FONT);
		pen.setColor(Color.BLACK);
		for (int row = 0; row < rows.size(); row++) {
			pen.drawString(rows.get(row), left - metrics.stringWidth(rows.get(row)), HEAD + (int) Math.round(plot.scaleYtoPxl(place(row))) + metrics.getAscent() / 2 - 1);
		}
		legend(pen, left + GAP, metrics);
		pen.dispose();
		return image;
	}

	/** ImageJ writes the ends of an axis that has no numbers. */
	private static BufferedImage withoutNumbersOfRows(final Plot plot) {
		final BufferedImage all = plot.getProcessor().convertToRGB().getBufferedImage();
		final int left = plot.getDrawingFrame().x - 1;
		return all.getSubimage(left, 0, all.getWidth() - left, all.getHeight());
	}

	private Plot plot() {
		final Plot plot = new Plot("", axis, "");
		plot.setFrameSize(WIDTH, ROW * rows.size());
		plot.setFormatFlags(Plot.X_NUMBERS | Plot.X_TICKS | Plot.X_GRID);
		for (int figure = 0; figure < figures.size(); figure++) add(plot, figure);
		plot.setLimits(-0.02, 1.02, -0.5, rows.size() - 0.5);
		return plot;
	}

	private void add(final Plot plot, final int figure) {
		final List<Mean> means = figures.get(figure);
		final List<Double> x = new ArrayList<>(), y = new ArrayList<>(), errors = new ArrayList<>();
		for (int row = 0; row < means.size(); row++) {
			final Mean mean = means.get(row);
			if (mean.count() == 0) continue;
			x.add(mean.mean());
			y.add(place(row) + SPREAD * (0.5 - (figure + 0.5) / figures.size()));
			errors.add(Double.isNaN(mean.standardError()) ? 0 : mean.standardError());
		}
		plot.setColor(COLORS.get(figure), COLORS.get(figure));
		plot.setLineWidth(2);
		plot.add(SHAPES.get(figure), array(x), array(y));
		plot.addHorizontalErrorBars(array(errors));
	}

	/** ImageJ's axis goes upwards. */
	private double place(final int row) {
		return rows.size() - 1.0 - row;
	}

	private static double[] array(final List<Double> numbers) {
		return numbers.stream().mapToDouble(Double::doubleValue).toArray();
	}

	private void legend(final Graphics2D pen, final int left, final FontMetrics metrics) {
		int x = left;
		for (int figure = 0; figure < names.size(); figure++) {
			pen.setColor(COLORS.get(figure));
			pen.fillRect(x, HEAD - metrics.getAscent() + 2, metrics.getAscent() - 2, metrics.getAscent() - 2);
			x += metrics.getAscent() + 4;
			pen.drawString(names.get(figure), x, HEAD);
			x += metrics.stringWidth(names.get(figure)) + 2 * GAP;
		}
	}
}
