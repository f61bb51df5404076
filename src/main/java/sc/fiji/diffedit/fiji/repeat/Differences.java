package sc.fiji.diffedit.fiji.repeat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.fiji.Provenance;

/** What differs between a result and its repetition: in the infos all that may change numbers, and the pixels themselves. */
final class Differences {

	/** What must be equal for equal bits, in the words of the report. */
	private static final Map<String, String> MATTERS = matters();

	private Differences() {}

	private static Map<String, String> matters() {
		final Map<String, String> words = new LinkedHashMap<>();
		words.put("plugin", "DiffEdit's version");
		words.put("pytorch", "PyTorch's version");
		words.put("model", "The model's name");
		words.put(Provenance.MODEL_HASH, "The model's files");
		words.put(Provenance.LORA_HASH, "The LoRAs");
		words.put("refinerHash", "The refiner's files");
		words.put("device", "The device");
		words.put("dtype", "The element type");
		words.put("memory", "The memory plan");
		words.put("system", "The operating system");
		words.put("processor", "The processor");
		words.put("threads", "The number of threads");
		words.put("kernels", "The kernels");
		words.put(Provenance.IMAGE_HASH, "The image");
		words.put(Provenance.PICTURE_HASH, "What the model sees of the image");
		words.put(Provenance.OBJECTS_HASH, "The objects to choose among");
		words.put(Provenance.MASK, "The mask");
		return words;
	}

	/** A line for each entry that differs; empty if none does. */
	static List<String> between(final Provenance then, final Provenance now) {
		final List<String> lines = new ArrayList<>();
		MATTERS.forEach((key, words) -> {
			final String before = then.get(key).orElse("(not told)"), after = now.get(key).orElse("(not told)");
			if (before.equals(after)) return;
			lines.add(words + (key.equals(Provenance.MASK) ? " differs." : ": " + shortened(before) + " then, " + shortened(after) + " now."));
		});
		return lines;
	}

	private static String shortened(final String text) {
		final int most = 100;
		return text.length() <= most ? text : text.substring(0, most) + "...";
	}

	/** How the pixels of two images differ, as a sentence. */
	static String ofPixels(final ImagePlus then, final ImagePlus now) {
		final ImageStack before = then.getStack(), after = now.getStack();
		if (before.getWidth() != after.getWidth() || before.getHeight() != after.getHeight() || before.size() != after.size() || then.getBitDepth() != now.getBitDepth()) {
			return "The new image has another size or type than \"" + then.getTitle() + "\".";
		}
		long different = 0;
		double most = 0;
		final long pixels = (long) before.size() * before.getWidth() * before.getHeight();
		for (int plane = 1; plane <= before.size(); plane++) {
			if (Objects.deepEquals(before.getPixels(plane), after.getPixels(plane))) continue;
			final ImageProcessor was = before.getProcessor(plane), is = after.getProcessor(plane);       // a virtual stack reads its file each time
			for (int i = 0; i < before.getWidth() * before.getHeight(); i++) {
				if (was.get(i) == is.get(i)) continue;                                               // the bits, of floats too
				different++;
				most = Math.max(most, distance(was, is, i));
			}
		}
		return different == 0 ? "The new image equals \"" + then.getTitle() + "\" to the last bit."
			: "The new image differs from \"" + then.getTitle() + "\" in " + different + " of " + pixels + " pixels, by at most " + (float) most + ".";
	}

	/** Of RGB pixels the largest of the three. */
	private static double distance(final ImageProcessor before, final ImageProcessor after, final int i) {
		if (before.getBitDepth() != 24) return Math.abs(before.getf(i) - after.getf(i));
		final int one = before.get(i), other = after.get(i);
		int most = 0;
		for (int shift = 0; shift <= 16; shift += 8) most = Math.max(most, Math.abs((one >> shift & 255) - (other >> shift & 255)));
		return most;
	}
}
