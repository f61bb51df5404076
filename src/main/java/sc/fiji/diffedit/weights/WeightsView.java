package sc.fiji.diffedit.weights;

import java.util.Set;

/** Some tensors of another source, under names of their own. */
interface WeightsView extends Weights {

	/** The other source. */
	Weights stored();

	/** The names that they have in the other source. */
	Set<String> storedNames();
}
