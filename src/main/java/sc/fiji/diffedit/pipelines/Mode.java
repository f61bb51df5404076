package sc.fiji.diffedit.pipelines;

/** Whose word counts where diffusers 0.42.1 and the DiffEdit paper disagree. src/site/markdown/parity.md has the table. */
public enum Mode {
	/** The paper: unguided inversion, background blended at the same noise level, the input's own pixels outside the mask. */
	DEFAULT,
	/** diffusers 0.42.1, number for number, its oddities included; for comparison. */
	PARITY
}
