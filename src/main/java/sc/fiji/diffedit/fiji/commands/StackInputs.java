package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.fiji.PlaneRange;
import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.StackRoom;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** Where the results of several planes go. */
final class StackInputs extends InputGroup {

	@Parameter(label = "Write stacks to folder", required = false, persist = false,
		description = "A stack of results is written to a TIFF file here, plane by plane, and opened as a virtual stack; empty to keep it in memory, or, if it does not fit, in a temporary file.")
	private String stackFolder = "";

	private StackRoom room;

	/** @param several whether there may be several planes */
	StackInputs(final BooleanSupplier several) {
		onlyIf("stackFolder", several);
	}

	/** A result of planes, empty so far. */
	PlaneStack results(final PlaneRange planes) {
		if (room == null) room = new StackRoom(stackFolder == null || stackFolder.isBlank() ? Optional.empty() : Optional.of(UserPath.of(stackFolder)));
		return new PlaneStack(planes, room);
	}
}
