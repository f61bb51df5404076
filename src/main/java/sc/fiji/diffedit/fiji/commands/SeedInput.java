package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Where random numbers begin. */
class SeedInput extends InputGroup {

	@Parameter(label = "Seed", persist = false, attrs = @Attr(name = HINT, value = "another number: another result"), description = "Same seed, same result.")
	private long seed = 0;

	final long seed() {
		return seed;
	}
}
