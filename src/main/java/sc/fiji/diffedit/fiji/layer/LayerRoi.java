package sc.fiji.diffedit.fiji.layer;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

import ij.gui.ImageCanvas;

import sc.fiji.diffedit.fiji.TemporaryRoi;

/**
 * A picture over an image, of which only what is right of a divider is seen. The divider's place is a part of what the image's window
 * shows, so it stays where it is when the user zooms or scrolls.
 */
final class LayerRoi extends TemporaryRoi {

	private static final long serialVersionUID = 1L;
	private static final Color LINE = Color.WHITE, BESIDE_LINE = new Color(0, 0, 0, 140);

	private double divider;

	/** @param picture of the image's size; what is transparent stays as it is */
	LayerRoi(final BufferedImage picture, final double divider) {
		super(0, 0, picture);
		this.divider = divider;
	}

	/** @param divider in [0, 1], from the left end of what is visible to its right end */
	void setDivider(final double divider) {
		this.divider = divider;
	}

	@Override
	protected void show(final Graphics g) {
		final ImageCanvas canvas = getImage() == null ? null : getImage().getCanvas();
		final Rectangle visible = canvas == null ? getBounds() : canvas.getSrcRect();
		final int line = screenX(visible.x) + (int) Math.round(divider * (screenX(visible.x + visible.width) - screenX(visible.x)));
		final int top = screenY(0), bottom = screenY((int) getFloatHeight()), end = screenX((int) getFloatWidth());
		final Graphics right = g.create(line, top, Math.max(0, end - line), bottom - top);
		right.translate(-line, -top);
		drawPicture(right);
		right.dispose();
		if (divider > 0 && divider < 1) drawLine(g, line, top, bottom);
	}

	private static void drawLine(final Graphics g, final int x, final int top, final int bottom) {
		g.setColor(BESIDE_LINE);
		g.fillRect(x - 1, top, 3, bottom - top);
		g.setColor(LINE);
		g.drawLine(x, top, x, bottom - 1);
	}
}
