package sc.fiji.diffedit.fiji.window;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;

import sc.fiji.diffedit.fiji.TemporaryRoi;

/** The heat map and the outline of the mask as one element of the image's overlay. */
final class MaskRoi extends TemporaryRoi {

	private static final long serialVersionUID = 1L;

	private static final Color LINE = Color.YELLOW, AROUND = new Color(0, 0, 0, 120);
	private static final BasicStroke THIN = new BasicStroke(1.5f), WIDE = new BasicStroke(3.5f);

	private final transient Shape outline;
	private final boolean hasHeat;

	/** @param withHeat whether the heat map is shown @param withOutline whether the outline is */
	MaskRoi(final MaskLook look, final boolean withHeat, final boolean withOutline) {
		super(look.heat().map(heat -> heat.map().region().x).orElse(0), look.heat().map(heat -> heat.map().region().y).orElse(0),
			look.heat().map(MaskLook.Heat::picture).orElse(NOTHING));
		hasHeat = withHeat && look.heat().isPresent();
		outline = withOutline ? look.outline() : null;
	}

	@Override
	protected void show(final Graphics g) {
		if (hasHeat) drawPicture(g);
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
}
