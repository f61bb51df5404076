package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * The forms in which an adapter says how the weight of a layer changes. Which one a layer has follows from the roles of its tensors:
 * a form is there when one of its own is, and then all that it needs must be, and nothing that it does not know.
 */
enum AdapterForm {

	/** Also LoCon, its name for convolutions. */
	LORA("LoRA", EnumSet.of(Role.DOWN, Role.UP), EnumSet.of(Role.MID, Role.UP_BIAS, Role.ALPHA, Role.SCALE, Role.SCALAR, Role.MAGNITUDE)),
	LOHA("LoHa", EnumSet.of(Role.HADA_W1_A, Role.HADA_W1_B, Role.HADA_W2_A, Role.HADA_W2_B), EnumSet.of(Role.HADA_T1, Role.HADA_T2, Role.ALPHA, Role.SCALE, Role.SCALAR, Role.MAGNITUDE)),
	/** Its second matrix has a core or not; each is whole or in two halves, see {@link #missing}. */
	LOKR("LoKr", EnumSet.noneOf(Role.class), EnumSet.of(Role.LOKR_W1, Role.LOKR_W1_A, Role.LOKR_W1_B, Role.LOKR_W2, Role.LOKR_W2_A, Role.LOKR_W2_B, Role.LOKR_T2, Role.ALPHA, Role.SCALE, Role.SCALAR, Role.MAGNITUDE)),
	/** Its alpha is a constraint. */
	OFT("OFT", EnumSet.of(Role.OFT_BLOCKS), EnumSet.of(Role.RESCALE, Role.ALPHA)),
	IA3("IA3", EnumSet.of(Role.IA3, Role.ON_INPUT), EnumSet.noneOf(Role.class)),
	OFT_OF_PEFT("OFT of PEFT", EnumSet.of(Role.OFT_R), EnumSet.noneOf(Role.class)),
	IA3_OF_PEFT("IA3 of PEFT", EnumSet.of(Role.IA3_L), EnumSet.noneOf(Role.class)),
	GLORA("GLoRA", EnumSet.of(Role.A1, Role.A2, Role.B1, Role.B2), EnumSet.of(Role.ALPHA, Role.SCALE, Role.SCALAR)),
	/** Tensors that are added to weights and biases as they are, which may also stand beside another form. */
	DIFFERENCE("difference", EnumSet.noneOf(Role.class), EnumSet.of(Role.WEIGHT, Role.BIAS, Role.ALPHA));

	/** What more than one form has. */
	private static final Set<Role> SHARED = EnumSet.of(Role.ALPHA, Role.SCALE, Role.SCALAR, Role.MAGNITUDE);

	private final String title;
	private final Set<Role> needed;
	private final Set<Role> known;

	AdapterForm(final String title, final Set<Role> needed, final Set<Role> more) {
		this.title = title;
		this.needed = needed;
		this.known = EnumSet.copyOf(more);
		known.addAll(needed);
	}

	/** How people call it. */
	String title() {
		return title;
	}

	/**
	 * The form of a layer's tensors.
	 *
	 * @throws DiffEditException if they are of no form, or of one that lacks something or has what it does not know
	 */
	static AdapterForm of(final LayerTensors tensors) {
		final Set<Role> roles = EnumSet.copyOf(tensors.roles());
		final List<AdapterForm> forms = Arrays.stream(values()).filter(form -> form != DIFFERENCE && roles.stream().anyMatch(role -> form.known.contains(role) && !SHARED.contains(role))).toList();
		if (forms.size() > 1) throw refused(tensors, titles(forms) + " at once", roles);
		final AdapterForm form = forms.isEmpty() ? DIFFERENCE : forms.get(0);
		final Set<Role> strange = EnumSet.copyOf(roles);
		strange.removeAll(form.known);
		strange.removeAll(DIFFERENCE.known);
		if (!strange.isEmpty()) throw refused(tensors, form.title + " with what this form does not have", strange);
		final List<Role> missing = form.missing(roles);
		if (!missing.isEmpty()) throw refused(tensors, "an incomplete " + form.title + " (it lacks " + words(missing) + ")", roles);
		return form;
	}

	/** What a form needs and these roles do not have. */
	private List<Role> missing(final Set<Role> roles) {
		final EnumSet<Role> missing = EnumSet.copyOf(needed);
		if (this == LOKR) {
			missing.addAll(oneOrPair(roles, Role.LOKR_W1, Role.LOKR_W1_A, Role.LOKR_W1_B));
			missing.addAll(oneOrPair(roles, Role.LOKR_W2, Role.LOKR_W2_A, Role.LOKR_W2_B));
			if (roles.contains(Role.LOKR_T2)) missing.addAll(EnumSet.of(Role.LOKR_W2_A, Role.LOKR_W2_B));
		}
		if (roles.contains(Role.HADA_T1) || roles.contains(Role.HADA_T2)) missing.addAll(EnumSet.of(Role.HADA_T1, Role.HADA_T2));
		missing.removeAll(roles);
		return List.copyOf(missing);
	}

	private static Set<Role> oneOrPair(final Set<Role> roles, final Role whole, final Role a, final Role b) {
		return roles.contains(a) || roles.contains(b) ? EnumSet.of(a, b) : EnumSet.of(whole);
	}

	private static String titles(final Collection<AdapterForm> forms) {
		return forms.stream().map(form -> form.title).collect(Collectors.joining(" and "));
	}

	private static String words(final Collection<Role> roles) {
		return roles.stream().map(Role::word).collect(Collectors.joining(", "));
	}

	private static DiffEditException refused(final LayerTensors tensors, final String what, final Set<Role> roles) {
		return new DiffEditException(tensors.source() + " has " + what + " for '" + tensors.layer() + "': " + words(roles)
			+ "; it is damaged or of a kind that is not known here, so download it again or take another adapter.");
	}

	/**
	 * What these tensors of this form do to the layer's weight. No number is read yet.
	 *
	 * @throws IllegalStateException for {@link #DIFFERENCE}, which does nothing but add
	 */
	WeightChange change(final LayerTensors tensors, final Scale scale, final PeftConfig peft) {
		return switch (this) {
			case LORA -> withMagnitude(new LowRank(tensors, scale), tensors);
			case LOHA -> withMagnitude(new Hadamard(tensors, scale), tensors);
			case LOKR -> withMagnitude(new Kronecker(tensors, scale), tensors);
			case OFT -> new Orthogonal(tensors);
			case IA3 -> new Rescaling(tensors);
			case OFT_OF_PEFT -> new InputRotation(tensors, peft);
			case IA3_OF_PEFT -> new Factors(tensors, peft);
			case GLORA -> new Generalised(tensors, scale);
			case DIFFERENCE -> throw new IllegalStateException("a difference has tensors, no form");
		};
	}

	/** Whether PEFT's config tells what the tensors themselves do not, so that without it the numbers would be others. */
	boolean needsConfig(final LayerTensors tensors) {
		if (this == OFT_OF_PEFT || this == IA3_OF_PEFT) return true;
		return (this == LOHA || this == LOKR) && tensors.isOfPeft() && !tensors.has(Role.ALPHA);
	}

	private static WeightChange withMagnitude(final Difference difference, final LayerTensors tensors) {
		return tensors.has(Role.MAGNITUDE) ? new Magnitude(difference, tensors) : difference;
	}

	/** What a product is multiplied with, by its rank; rank 0 stands for one without. */
	interface Scale {

		double of(long rank);
	}
}
