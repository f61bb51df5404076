package sc.fiji.diffedit.memory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Device;

/** Named {@link MemoryPlan}s: each needs less memory and more time than the previous one. */
public enum Preset {

	/** Chosen for the machine and the model; replaced by one of the others when a model is loaded. */
	AUTOMATIC("Automatic"),
	/** Everything stays where it computes, in the layout that computes fastest. */
	FAST("Fast"),
	/** The autoencoder takes one image at a time, and parts that have done their turn make room, except a packed UNet. */
	BALANCED("Balanced"),
	/** Each part makes room after its turn (on a graphics card, each of its blocks does), and large images are cut into tiles. */
	LOW_MEMORY("Low memory"),
	/** Each block's weights are there for its own call only. */
	LOWEST_MEMORY("Lowest memory");

	private final String label;

	Preset(final String label) {
		this.label = label;
	}

	/** What a form shows. */
	public String label() {
		return label;
	}

	/** The preset of a label or a word such as {@code low}, {@code low_memory} or {@code Low memory}. */
	public static Preset of(final String word) {
		final String plain = word.trim().toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
		for (final Preset preset : values()) {
			final String label = preset.label.toLowerCase(Locale.ROOT);
			if (plain.equals(label) || plain.equals(label.replace(" memory", ""))) return preset;
		}
		throw new DiffEditException("There is no preset '" + word + "' for memory; take one of "
			+ Arrays.stream(values()).map(Preset::toString).collect(Collectors.joining(", ")) + ".");
	}

	/** The complete plan of this preset on a device; {@link #AUTOMATIC} has those of {@link #FAST}. */
	public MemoryPlan parts(final Device device) {
		final MemoryPlan least = new MemoryPlan(this, Map.of(), Map.of(), Placement.NONE, Switch.OFF, Switch.OFF, Switch.ON, Switch.ON, 0, Switch.AUTO);
		switch (this) {
			case BALANCED:
				return least.withPacked(Switch.ON).withVaeTiling(Switch.OFF).withOffload(Offload.MODEL)
					.withOffload("unet", device.isCpu() ? Offload.NONE : Offload.MODEL);
			case LOW_MEMORY:
				return least.withOffload(device.isCpu() ? Offload.MODEL : Offload.blocks(1).withStream(true));
			case LOWEST_MEMORY:
				return least.withOffload(Offload.SEQUENTIAL);
			default:
				return least.withPacked(Switch.ON).withVaeSlicing(Switch.OFF).withVaeTiling(Switch.OFF);
		}
	}

	/** The word for texts: {@code low} for {@link #LOW_MEMORY}. */
	@Override
	public String toString() {
		return label.toLowerCase(Locale.ROOT).replace(" memory", "");
	}
}
