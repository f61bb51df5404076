package sc.fiji.diffedit.memory;

/**
 * Which group of offloaded weights is resident: only the one that computes is on its device, and with a stream the one
 * after it. When a block of another one is called, these make room, so that no order of components need be declared.
 */
final class ResidentGroup {

	private WeightGroup current;
	private WeightGroup next;

	/** A block of this group is about to compute. */
	void begin(final WeightGroup group) {
		if (group == current || !group.leaves()) return;
		if (current != null) current.leave();
		if (next != null && next != group) next.leave();
		current = group;
		next = null;
	}

	/** This group has been started to come. */
	void expect(final WeightGroup group) {
		if (group != current) next = group;
	}

	/** Nobody computes any more. */
	void end() {
		if (current != null) current.leave();
		if (next != null) next.leave();
		current = null;
		next = null;
	}
}
