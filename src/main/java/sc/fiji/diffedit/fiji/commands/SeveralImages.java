package sc.fiji.diffedit.fiji.commands;

import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.TextRoi;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.fiji.Descriptions;

/** Several new forms of one plane of an image in one window: as a stack along time, or side by side. */
final class SeveralImages {

	/** Of labels: pixels to the corner, and letters in the width of an image. */
	private static final int MARGIN = 2, SMALLEST = 8, LETTERS = 24;

	private SeveralImages() {}

	/**
	 * One image as it is; several as one.
	 *
	 * @param images of one kind, each a plane in all of its channels
	 * @param labels one for each
	 * @param sideBySide whether they become one plane; else each is a frame
	 */
	static ImagePlus arranged(final List<ImagePlus> images, final List<String> labels, final boolean sideBySide) {
		if (images.size() == 1) return images.get(0);
		final List<List<ImageProcessor>> planes = new ArrayList<>();
		for (final ImagePlus image : images) planes.add(channels(image));
		return sideBySide ? image(List.of(montage(planes)), List.of(""), images.get(0)) : image(planes, labels, images.get(0));
	}

	/** The same, with the labels drawn over the places of a montage, on a layer of their own. */
	static ImagePlus labelled(final List<ImagePlus> images, final List<String> labels, final boolean sideBySide) {
		final ImagePlus image = arranged(images, labels, sideBySide);
		if (!sideBySide || images.size() == 1) return image;
		final ImagePlus first = images.get(0);
		final int columns = columns(images.size());
		final Overlay overlay = new Overlay();
		for (int i = 0; i < labels.size(); i++) {
			final TextRoi label = new TextRoi(i % columns * first.getWidth() + MARGIN, i / columns * first.getHeight() + MARGIN, labels.get(i), new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(SMALLEST, first.getWidth() / LETTERS)));
			label.setStrokeColor(Color.WHITE);
			label.setFillColor(Color.BLACK);
			overlay.add(label);
		}
		image.setOverlay(overlay);
		return image;
	}

	private static int columns(final int images) {
		return (int) Math.ceil(Math.sqrt(images));
	}

	private static List<ImageProcessor> channels(final ImagePlus image) {
		final List<ImageProcessor> channels = new ArrayList<>();
		for (int c = 1; c <= image.getNChannels(); c++) channels.add(image.getStack().getProcessor(c));
		return channels;
	}

	/** Side by side in rows, about as many of them as columns; places that are left over are white. */
	private static List<ImageProcessor> montage(final List<List<ImageProcessor>> planes) {
		final int columns = columns(planes.size()), rows = (planes.size() + columns - 1) / columns;
		final List<ImageProcessor> sheets = new ArrayList<>();
		for (int c = 0; c < planes.get(0).size(); c++) {
			final ImageProcessor first = planes.get(0).get(c);
			final int width = first.getWidth(), height = first.getHeight();
			final ImageProcessor sheet = first.createProcessor(Math.multiplyExact(columns, width), Math.multiplyExact(rows, height));
			sheet.setColor(Color.WHITE);
			sheet.fill();
			for (int i = 0; i < planes.size(); i++) sheet.insert(planes.get(i).get(c), i % columns * width, i / columns * height);
			sheets.add(sheet);
		}
		return sheets;
	}

	/** @param like whose colours, ranges and calibration the image takes */
	private static ImagePlus image(final List<List<ImageProcessor>> planes, final List<String> labels, final ImagePlus like) {
		final ImageProcessor first = planes.get(0).get(0);
		final ImageStack stack = new ImageStack(first.getWidth(), first.getHeight());
		for (int i = 0; i < planes.size(); i++) {
			for (final ImageProcessor channel : planes.get(i)) stack.addSlice(labels.get(i), channel);
		}
		final int channels = planes.get(0).size();
		final ImagePlus image = new ImagePlus("", stack);
		image.setDimensions(channels, 1, planes.size());
		image.setCalibration(like.getCalibration().copy());
		if (!(like instanceof CompositeImage composite)) {
			if (like.getBitDepth() != 24) image.setDisplayRange(like.getDisplayRangeMin(), like.getDisplayRangeMax());
			return image;
		}
		return Descriptions.composite(image, composite);
	}
}
