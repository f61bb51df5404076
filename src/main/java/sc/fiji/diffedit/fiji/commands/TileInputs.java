package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.models.Tiles;

/** Whether large images are computed in overlapping tiles. */
final class TileInputs extends InputGroup {

	@Parameter(label = "Tile (pixels)", min = "0", persist = false, attrs = @Attr(name = HINT, value = "0: no tiles"), callback = MemoryLine.CHANGED,
		description = "Images larger than this are computed in overlapping tiles of this edge, without seams; best is the size that the model was made for, such as 512. 0: as a whole.")
	private int tile = 0;
	@Parameter(label = "Overlap", min = "0", persist = false, callback = MemoryLine.CHANGED,
		description = "Pixels that neighbouring tiles share at least.")
	private int overlap = 64;

	TileInputs() {
		onlyIf("overlap", () -> tile > 0);
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals("overlap") ? failure(this::tiles) : super.wrong(input);
	}

	@Override
	protected void check() {
		tiles();
	}

	/** @throws sc.fiji.diffedit.DiffEditException if the numbers make no tiles */
	Tiles tiles() {
		return Tiles.of(tile, overlap);
	}
}
