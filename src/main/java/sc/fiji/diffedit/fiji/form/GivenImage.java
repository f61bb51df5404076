package sc.fiji.diffedit.fiji.form;

import java.awt.Dimension;

import javax.swing.JComponent;
import javax.swing.JLabel;

import org.scijava.module.ModuleItem;

import ij.ImagePlus;

/** The image that the command works on, as it was active when the command was called: which one, and which plane of it. */
public final class GivenImage extends Field {

	private static final int WIDTH = 260;

	private final JLabel label = new JLabel();
	private Object image;

	GivenImage(final ModuleItem<?> input) {
		super(input);
		label.setName(input.getName());
	}

	@Override
	boolean wantsNote(final boolean alone) {
		return true;
	}

	@Override
	public JComponent component() {
		return label;
	}

	@Override
	public JComponent keyboard() {
		return label;
	}

	@Override
	public Object value() {
		return image;
	}

	@Override
	public void show(final Object value) {
		image = value;
		label.setText(value instanceof ImagePlus given ? describe(given) : "");
		label.setPreferredSize(new Dimension(WIDTH, label.getPreferredSize().height));
	}

	/** Such as {@code cells.tif, 512 x 512, slice 3 of 20}. */
	public static String describe(final ImagePlus image) {
		final StringBuilder words = new StringBuilder(image.getTitle()).append(", ").append(image.getWidth()).append(" x ").append(image.getHeight());
		if (image.getNSlices() > 1) words.append(", slice ").append(image.getZ()).append(" of ").append(image.getNSlices());
		if (image.getNFrames() > 1) words.append(", frame ").append(image.getT()).append(" of ").append(image.getNFrames());
		return words.toString();
	}
}
