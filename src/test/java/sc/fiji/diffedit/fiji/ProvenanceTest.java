package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import ij.ImagePlus;
import ij.process.ByteProcessor;

/** What an image's info says of its making, from images of any origin. */
class ProvenanceTest {

	/** The time was the square of the length: half an hour for this one. */
	@Test
	@Timeout(60)
	void longTextsWithManyCodesAreReadInOneGo() {
		final String text = "\u4e2d".repeat(400_000) + "\\u12 \\u";
		final ImagePlus image = new ImagePlus("image", new ByteProcessor(1, 1));
		Provenance.of("test").with("prompt", text).describe(image);
		assertEquals(text, Provenance.read(image).orElseThrow().get("prompt").orElseThrow());
	}
}
