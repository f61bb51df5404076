package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.junit.FuzzTest;

import ij.ImagePlus;
import ij.gui.NewImage;

import sc.fiji.diffedit.Fuzzed;

/** Any text where images and macros carry ours: an image's info, the JSON beside it, masks as text, planes. */
class FuzzedTextsTest {

	private static final ImagePlus STACK = NewImage.createByteImage("stack", 4, 4, 12, NewImage.FILL_BLACK);

	private static String text(final byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	@FuzzTest
	void info(final byte[] bytes) {
		final ImagePlus image = new ImagePlus("an image", STACK.getProcessor());
		image.setProperty("Info", text(bytes));
		Fuzzed.read(() -> Provenance.read(image).ifPresent(made -> assertTrue(made.text().length() > 0)));
	}

	@FuzzTest
	void provenanceFile(final byte[] bytes) {
		Fuzzed.read(() -> ProvenanceFile.fromJson("x.json", text(bytes)));
	}

	@FuzzTest
	void mask(final byte[] bytes) {
		Fuzzed.read(() -> MaskText.parse(text(bytes)));
	}

	@FuzzTest
	void planes(final byte[] bytes) {
		STACK.setDimensions(2, 3, 2);
		Fuzzed.read(() -> assertTrue(PlaneRange.of(text(bytes), STACK).count() <= 12));
	}
}
