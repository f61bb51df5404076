package sc.fiji.diffedit.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A picture of what DiffEdit did: a row per sample with the input, the heat map of the prompts' disagreement, the mask's
 * outline and the edit, and above each row the two prompts with the words that differ in colour. Drawn without a screen.
 */
public final class ContactSheet {

	private static final int CELL = 192;
	private static final int GAP = 10;
	private static final int HEADER = 40;
	private static final int CAPTION = 46;

	/** What a row shows. */
	public enum Column {
		INPUT("input"), HEAT("where the prompts disagree"), MASK("mask  (yellow: truth)"), TARGET("what is expected"), EDIT("edit");

		private final String heading;

		Column(final String heading) {
			this.heading = heading;
		}
	}

	private static final List<Column> USUAL = List.of(Column.INPUT, Column.HEAT, Column.MASK, Column.EDIT);

	private static final Color PAPER = new Color(0x14171c);
	private static final Color INK = new Color(0xe6e6e6);
	private static final Color FAINT = new Color(0x98a0ab);
	private static final Color SOURCE = new Color(0xffb454);
	private static final Color TARGET = new Color(0x6cd4ff);
	private static final Color OUTLINE = Color.WHITE;
	private static final Color SHADOW = new Color(0, 0, 0, 150);
	private static final Color TRUTH = new Color(0xffe14d);
	/** Dark to bright, readable in grey and for the colour-blind. */
	private static final int[] HEAT = { 0x05040f, 0x3b0f63, 0x8c2369, 0xd5473d, 0xf98e09, 0xf8e28c };

	private final Graphics2D pen;
	private final List<Column> columns;
	private final Function<SampleResult, String> caption;

	private ContactSheet(final Graphics2D pen, final List<Column> columns, final Function<SampleResult, String> caption) {
		this.pen = pen;
		this.columns = columns;
		this.caption = caption;
	}

	/** @param results one row each; at least one */
	public static BufferedImage of(final List<SampleResult> results) {
		return of(results, USUAL, ContactSheet::caption);
	}

	/**
	 * A sheet with other columns.
	 *
	 * @param results one row each; at least one
	 * @param caption a line about a result
	 */
	public static BufferedImage of(final List<SampleResult> results, final List<Column> columns, final Function<SampleResult, String> caption) {
		final int width = columns.size() * (CELL + GAP) + GAP;
		final int height = HEADER + results.size() * (CAPTION + CELL + GAP);
		final BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
		final Graphics2D pen = sheet.createGraphics();
		pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
		pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
		pen.setColor(PAPER);
		pen.fillRect(0, 0, width, height);
		new ContactSheet(pen, columns, caption).draw(results);
		pen.dispose();
		return sheet;
	}

	private void draw(final List<SampleResult> results) {
		for (int column = 0; column < columns.size(); column++) text(columns.get(column).heading, left(column), 25, 13, FAINT);
		int top = HEADER;
		for (final SampleResult result : results) {
			captions(result, top);
			for (int column = 0; column < columns.size(); column++) cell(result, column, top + CAPTION);
			top += CAPTION + CELL + GAP;
		}
	}

	private static int left(final int column) {
		return GAP + column * (CELL + GAP);
	}

	private void cell(final SampleResult result, final int column, final int top) {
		final Sample sample = result.sample();
		switch (columns.get(column)) {
			case INPUT -> picture(PngFiles.image(sample.picture()), column, top);
			case HEAT -> picture(heat(result.map()), column, top);
			case MASK -> outlines(result, column, top);
			case TARGET -> sample.target().ifPresent(target -> picture(PngFiles.image(target), column, top));
			case EDIT -> picture(PngFiles.image(result.edited()), column, top);
		}
	}

	private void outlines(final SampleResult result, final int column, final int top) {
		picture(PngFiles.image(result.sample().picture()), column, top);
		outline(result.mask(), column, top, SHADOW, solid(3.6f));
		outline(result.mask(), column, top, OUTLINE, solid(1.6f));
		outline(result.sample().truth(), column, top, TRUTH, dotted());
	}

	private void picture(final BufferedImage image, final int column, final int top) {
		pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
		pen.drawImage(image, left(column), top, fitted(image.getWidth(), image.getWidth(), image.getHeight()), fitted(image.getHeight(), image.getWidth(), image.getHeight()), null);
	}

	/** Where a place along one side of a picture is in its cell: the longer side fills it. */
	private static int fitted(final int at, final int width, final int height) {
		return at * CELL / Math.max(width, height);
	}

	private static BufferedImage heat(final DifferenceMap map) {
		final BufferedImage image = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_INT_RGB);
		float highest = Float.MIN_NORMAL;
		for (final float value : map.values()) highest = Math.max(highest, value);
		for (int i = 0; i < map.values().length; i++) {
			image.setRGB(i % map.width(), i / map.width(), heat(Math.max(0, map.values()[i] / highest)));
		}
		return image;
	}

	/** @param level in [0, 1] */
	private static int heat(final float level) {
		final float place = level * (HEAT.length - 1);
		final int below = Math.min((int) place, HEAT.length - 2);
		int rgb = 0;
		for (int shift = 0; shift <= 16; shift += 8) {
			final int from = HEAT[below] >> shift & 255;
			final int to = HEAT[below + 1] >> shift & 255;
			rgb |= Math.round(from + (to - from) * (place - below)) << shift;
		}
		return rgb;
	}

	/** The border between inside and outside, along the edges of the mask's own pixels. */
	private void outline(final Mask mask, final int column, final int top, final Color colour, final BasicStroke stroke) {
		pen.setColor(colour);
		pen.setStroke(stroke);
		for (int y = 0; y <= mask.height(); y++) {
			for (int x = 0; x <= mask.width(); x++) {
				final boolean here = isInside(mask, x, y);
				if (here != isInside(mask, x - 1, y)) edge(mask, column, top, x, y, x, y + 1);
				if (here != isInside(mask, x, y - 1)) edge(mask, column, top, x, y, x + 1, y);
			}
		}
	}

	private static BasicStroke solid(final float width) {
		return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
	}

	private static BasicStroke dotted() {
		return new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] { 1.5f, 2f }, 0);
	}

	private static boolean isInside(final Mask mask, final int x, final int y) {
		return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.isInside(x, y);
	}

	private void edge(final Mask mask, final int column, final int top, final int x0, final int y0, final int x1, final int y1) {
		final int width = mask.width(), height = mask.height();
		pen.drawLine(left(column) + fitted(x0, width, height), top + fitted(y0, width, height), left(column) + fitted(x1, width, height), top + fitted(y1, width, height));
	}

	private void captions(final SampleResult result, final int top) {
		final Sample sample = result.sample();
		final int end = prompt(sample.sourcePrompt(), sample.targetPrompt(), SOURCE, GAP, top + 18);
		final int arrow = text("\u2192", end + 6, top + 18, 13, FAINT);
		prompt(sample.targetPrompt(), sample.sourcePrompt(), TARGET, arrow + 10, top + 18);
		text(caption.apply(result), GAP, top + 37, 11, FAINT);
	}

	/** What is said of an edit. */
	public static String caption(final SampleResult result) {
		final String reached = result.figures().success() ? "     edit reached the target" : "     edit missed the target";
		return String.format(Locale.ROOT, "%s     mask IoU %.2f%s     outside the truth %.0f dB", result.sample().name(), result.figures().iou(), result.sample().target().isEmpty() ? "" : reached,
			result.figures().outsidePsnr());
	}

	/** Writes a prompt, with the words that the other one lacks in colour. Returns where it ends. */
	private int prompt(final String prompt, final String other, final Color colour, final int start, final int baseline) {
		final Set<String> shared = Set.of(Arrays.stream(other.split("\\s+")).distinct().toArray(String[]::new));
		int x = start;
		for (final String word : prompt.split("\\s+")) x = text(word, x, baseline, 13, shared.contains(word) ? INK : colour) + 4;
		return x;
	}

	/** Writes a line and returns where it ends. */
	private int text(final String text, final int x, final int baseline, final int size, final Color colour) {
		pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
		pen.setColor(colour);
		pen.drawString(text, x, baseline);
		return x + pen.getFontMetrics().stringWidth(text);
	}
}
