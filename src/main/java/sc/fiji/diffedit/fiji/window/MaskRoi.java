package sc.fiji.diffedit.fiji.window;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

import ij.gui.ImageRoi;

import sc.fiji.diffedit.fiji.OutputStyle;

/**
 * The heat map and the outline of the mask as one element of the image's overlay, beside the user's own. It is there to be looked at:
 * no click selects it, results do not take it over, and neither files nor duplicates of the image show it.
 */
final class MaskRoi extends ImageRoi {

	private static final long serialVersionUID = 1L;

	private static final Color LINE = Color.YELLOW, AROUND = new Color(0, 0, 0, 120);
	private static final BasicStroke THIN = new BasicStroke(1.5f), WIDE = new BasicStroke(3.5f);
	private static final BufferedImage NOTHING = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);

	private final transient Shape outline;
	private final boolean hasHeat;
	private boolean isCopy;

	/** @param withHeat whether the heat map is shown @param withOutline whether the outline is */
	MaskRoi(final MaskLook look, final boolean withHeat, final boolean withOutline) {
		super(look.heat().map(heat -> heat.region().x).orElse(0), look.heat().map(heat -> heat.region().y).orElse(0),
			look.heat().map(MaskLook.Heat::picture).orElse(NOTHING));
		hasHeat = withHeat && look.heat().isPresent();
		outline = withOutline ? look.outline() : null;
		setName("DiffEdit");
		setProperty(OutputStyle.PREVIEW, "mask");
	}

	@Override
	public void draw(final Graphics g) {
		if (isCopy) return;
		if (hasHeat) super.draw(g);
		if (outline == null) return;
		final Graphics2D pen = (Graphics2D) g.create();
		final double zoom = getMagnification();
		final Shape onScreen = new AffineTransform(zoom, 0, 0, zoom, screenXD(0), screenYD(0)).createTransformedShape(outline);
		pen.setColor(AROUND);
		pen.setStroke(WIDE);
		pen.draw(onScreen);
		pen.setColor(LINE);
		pen.setStroke(THIN);
		pen.draw(onScreen);
		pen.dispose();
	}

	/** A long click on the image does not find it. */
	@Override
	public boolean contains(final int x, final int y) {
		return false;
	}

	@Override
	public byte[] getSerializedImage() {
		return new ImageRoi(0, 0, NOTHING).getSerializedImage();
	}

	@Override
	public synchronized Object clone() {
		final MaskRoi copy = (MaskRoi) super.clone();
		copy.isCopy = true;
		return copy;
	}
}
