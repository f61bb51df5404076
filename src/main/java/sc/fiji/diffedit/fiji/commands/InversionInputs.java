package sc.fiji.diffedit.fiji.commands;

import java.util.function.BooleanSupplier;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;

/** How an image is carried towards noise. */
final class InversionInputs extends InputGroup {

	/** Key of the method in infos. */
	static final String METHOD = "inversion";
	private static final String ROUNDS = "inversionRounds";

	@Parameter(label = "Inversion method", choices = { "DDIM", "Fixed point", "ReNoise", "EasyInv", "DPM-Solver++", "EDICT", "BDIA", "O-BELM", "Edit-friendly DDPM" }, persist = false,
		description = "How the image is carried towards noise: DDIM as in DiffEdit. The last four keep all of the image, so that more of it comes back inside the mask.", callback = MemoryLine.CHANGED)
	private String inversion = InvertRequest.DEFAULTS.inversionMethod().word();
	@Parameter(label = "Rounds", min = "1", persist = false, attrs = @Attr(name = HINT, value = "more: closer, slower"),
		description = "How often each step is repeated by Fixed point and ReNoise.", callback = MemoryLine.CHANGED)
	private int inversionRounds = InvertRequest.DEFAULTS.inversionRounds();

	InversionInputs() {
		onlyIf(() -> true);
	}

	/** Used only where an image is inverted now. */
	void onlyIf(final BooleanSupplier now) {
		onlyIf(METHOD, now);
		onlyIf(ROUNDS, () -> now.getAsBoolean() && method(inversion).isIterated());
	}

	@Override
	protected void check() {
		method(inversion);
	}

	/** The request with these answers in it. */
	InvertRequest on(final InvertRequest request) {
		return request.withInversionMethod(method(inversion)).withInversionRounds(inversionRounds);
	}

	/** The method of a name. */
	static InversionMethod method(final String word) {
		return Choices.of(METHOD, word, InversionMethod.values(), InversionMethod::word);
	}

	/** Without what is not used. */
	@Override
	protected Provenance addTo(final Provenance made) {
		if (!isNeeded(METHOD)) return made;
		final Provenance with = made.with(METHOD, inversion);
		return isNeeded(ROUNDS) ? with.with(ROUNDS, inversionRounds) : with;
	}
}
