package sc.fiji.diffedit.fiji;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import ij.IJ;
import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

/** What users write to choose planes. */
class PlaneRangeTest {

	/** 2 channels, 5 slices, 3 frames; slice 4 of frame 2 is shown. */
	private final ImagePlus image = IJ.createHyperStack("cells", 4, 4, 2, 5, 3, 8);

	PlaneRangeTest() {
		image.setPosition(2, 4, 2);
	}

	private String planes(final String text) {
		return PlaneRange.of(text, image).planes().stream().map(at -> at.slice() + "/" + at.frame()).collect(Collectors.joining(" "));
	}

	@Test
	void planesAreThoseThatAreNamed() {
		assertEquals("4/2", planes("this slice"));
		assertEquals("4/2", planes(""));
		assertEquals("4/2", planes(null));
		assertEquals("1/1 2/1 3/1 4/1 5/1 1/2 2/2 3/2 4/2 5/2 1/3 2/3 3/3 4/3 5/3", planes("All"));
		assertEquals("2/2 3/2", planes("z=2-3"));
		assertEquals("4/1 4/2 4/3", planes("t=all"));
		assertEquals("1/3 3/3 4/3", planes("z = 3-4, 1  T=3"));
		assertEquals("5/1", planes("z=5;t=1"));
		assertEquals(2, PlaneRange.of("all", image).planes().get(0).channel(), "the channel that is shown");
		assertEquals(List.of(1, 2), PlaneRange.of("z=1 c=2,1", image).channels());
		assertEquals(List.of(), PlaneRange.of("z=1 c=all", image).channels());
	}

	@Test
	void aStackAlongOneAxisNeedsNoLetter() {
		final ImagePlus movie = IJ.createHyperStack("movie", 4, 4, 1, 1, 6, 8);
		assertEquals(List.of(2, 3, 6), PlaneRange.of("2-3,6", movie).planes().stream().map(Position::frame).toList());
		final ImagePlus plain = IJ.createImage("stack", "8-bit", 4, 4, 6);
		assertEquals(List.of(2, 3, 6), PlaneRange.of("2-3,6", plain).planes().stream().map(Position::slice).toList());
	}

	@Test
	void planesHaveNamesThatTellThemApart() {
		final PlaneRange all = PlaneRange.of("all", image), slices = PlaneRange.of("z=all", image), frames = PlaneRange.of("t=all", image);
		assertEquals("z=2 t=1", all.name(all.planes().get(1)));
		assertEquals("z=2", slices.name(slices.planes().get(1)));
		assertEquals("t=2", frames.name(frames.planes().get(1)));
	}

	@Test
	void whatIsNoRangeIsRefusedInASentence() {
		refused("z=3-9", "z is \"3-9\", but \"cells\" has 5 slices; they count from 1 to 5, the smaller number first.");
		refused("t=0", "t is \"0\", but \"cells\" has 3 frames; they count from 1 to 3, the smaller number first.");
		refused("c=3", "c is \"3\", but \"cells\" has 2 channels; they count from 1 to 2, the smaller number first.");
		refused("z=4-2", "z is \"4-2\", but \"cells\" has 5 slices; they count from 1 to 5, the smaller number first.");
		refused("z=a", "z is \"a\"; write numbers such as 3-9 or 1,4,7, or all.");
		refused("z=1 z=2", "planes is \"z=1 z=2\", which says z twice; keep one of them.");
		refused("every", "planes is \"every\", of which \"every\" is no range; write this slice, all, or a range such as z=3-9 t=all.");
		refused("1-3", "planes is \"1-3\", but \"cells\" has slices and frames; write this slice, all, or a range such as z=3-9 t=all.");
		assertTrue(PlaneRange.isShown(" This Slice "));
	}

	private void refused(final String text, final String message) {
		assertEquals(message, assertThrows(DiffEditException.class, () -> PlaneRange.of(text, image)).getMessage());
	}
}
