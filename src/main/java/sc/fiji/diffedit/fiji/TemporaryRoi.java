package sc.fiji.diffedit.fiji;

import java.awt.Graphics;
import java.awt.image.BufferedImage;

import ij.gui.ImageRoi;

/**
 * A picture over an image that is there to be looked at, beside the user's own elements of the overlay: no click selects it, and
 * neither results nor files nor duplicates of the image show it.
 */
public abstract class TemporaryRoi extends ImageRoi {

	/** Nothing to be seen. */
	protected static final BufferedImage NOTHING = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);

	private static final long serialVersionUID = 1L;
	private static final String MARK = "diffedit.temporary";

	private boolean isCopy;

	/** A picture whose upper left corner lies on a pixel of the image. */
	protected TemporaryRoi(final int x, final int y, final BufferedImage picture) {
		super(x, y, picture);
		setName("DiffEdit");
		setProperty(MARK, "true");
	}

	/** Whether an element of an overlay is one of these, or a copy of one. */
	static boolean isOne(final ij.gui.Roi element) {
		return element.getProperty(MARK) != null;
	}

	/** Draws it on the screen. */
	protected abstract void show(Graphics g);

	/** Draws the picture itself. */
	protected final void drawPicture(final Graphics g) {
		super.draw(g);
	}

	@Override
	public final void draw(final Graphics g) {
		if (!isCopy) show(g);
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
		final TemporaryRoi copy = (TemporaryRoi) super.clone();
		copy.isCopy = true;
		return copy;
	}
}
