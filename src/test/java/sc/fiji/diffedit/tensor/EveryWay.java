package sc.fiji.diffedit.tensor;

/** Programs that take every {@link KernelWay} for every type, whatever the processor of the tests takes. */
public final class EveryWay {

	/** What the property holds for that. */
	public static final String SETTING = "blocked-attention:float32,blocked-attention:bfloat16,winograd:float32,products:float32,products:bfloat16,doubled:float32,doubled:bfloat16";

	private EveryWay() {}

	/** A program, as {@link Kernels#load} has it. */
	public static Kernels load(final String... parts) {
		return loadWith(SETTING, parts);
	}

	/** A program that takes the ways of a setting, as {@link KernelChoices#PROPERTY} holds it. */
	public static Kernels loadWith(final String setting, final String... parts) {
		final String before = System.setProperty(KernelChoices.PROPERTY, setting);
		try {
			return Kernels.load(parts);
		}
		finally {
			if (before == null) System.clearProperty(KernelChoices.PROPERTY);
			else System.setProperty(KernelChoices.PROPERTY, before);
		}
	}
}
