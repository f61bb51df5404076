package sc.fiji.diffedit.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;

/**
 * For which element types each {@link KernelWay} is taken: what the table {@code kernels/choices.properties} has for this
 * {@link ProcessorClass}, so that a machine always gives the same bits. {@code -Ddiffedit.kernels=} takes other ones: {@code none}, or a list
 * such as {@code blocked-attention:bfloat16,winograd:float32}. A way whose {@link FastPath} is off is not taken.
 */
public final class KernelChoices {

	/** The system property that takes the place of the table: {@code table}, {@code none} or ways with their types, with commas between. */
	public static final String PROPERTY = "diffedit.kernels";

	private static final String TABLE = "table";
	private static final Set<DType> TYPES = EnumSet.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

	private final Map<KernelWay, Set<DType>> types;

	/** What the user has set, as it was once; nothing has been checked yet. */
	record Setting(String kernels, String fastPaths) {

		static Setting now() {
			return new Setting(System.getProperty(PROPERTY, TABLE), System.getProperty(FastPath.PROPERTY, "all"));
		}

		boolean isTable() {
			return kernels.strip().equalsIgnoreCase(TABLE);
		}

		/**
		 * What it means on this machine. The engine may be started to find out what the processor is.
		 *
		 * @throws DiffEditException if a property holds something else than it takes
		 */
		KernelChoices choices() {
			final KernelChoices all = parse(isTable() ? ofTable(ProcessorClass.here()) : kernels.strip().toLowerCase(Locale.ROOT));
			all.types.keySet().removeIf(way -> !FastPath.allOn(fastPaths).contains(way.path()));
			return all;
		}
	}

	private KernelChoices(final Map<KernelWay, Set<DType>> types) {
		this.types = types;
	}

	/**
	 * Those in force. The engine may be started to find out what the processor is.
	 *
	 * @throws DiffEditException if the property holds something else
	 */
	public static KernelChoices inForce() {
		return Setting.now().choices();
	}

	/**
	 * Whether a way may be taken for a type, for estimates: true where that is not known before the engine runs, which is not started.
	 *
	 * @throws DiffEditException if the property holds something else
	 */
	public static boolean mayTake(final KernelWay way, final DType dtype) {
		final boolean known = ProcessorClass.isKnown() || !Setting.now().isTable();
		return way.path().isOn() && (!known || inForce().takes(way, dtype));
	}

	/** The table's line for a class of processors. */
	static String ofTable(final ProcessorClass processor) {
		final Properties table = new Properties();
		try (InputStream in = KernelChoices.class.getResourceAsStream("/sc/fiji/diffedit/kernels/choices.properties")) {
			table.load(in);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		return table.getProperty(processor.toString());
	}

	/** @param text {@code none}, or words such as {@code winograd:float32} with commas between */
	static KernelChoices parse(final String text) {
		final Map<KernelWay, Set<DType>> types = new EnumMap<>(KernelWay.class);
		if (text.equals("none")) return new KernelChoices(types);
		for (final String word : text.split(",", -1)) {
			final String[] parts = word.strip().split(":");
			if (parts.length != 2) throw unknown(word);
			types.computeIfAbsent(named(KernelWay.values(), parts[0], word), way -> EnumSet.noneOf(DType.class)).add(named(TYPES.toArray(new DType[0]), parts[1], word));
		}
		return new KernelChoices(types);
	}

	private static <T extends Enum<T>> T named(final T[] all, final String name, final String word) {
		return Arrays.stream(all).filter(one -> one.name().equals(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'))).findFirst().orElseThrow(() -> unknown(word));
	}

	private static DiffEditException unknown(final String word) {
		return new DiffEditException("-D" + PROPERTY + " has '" + word.strip() + "'; it takes table, none, or WAY:TYPE with commas between, where ways are "
			+ Stream.of(KernelWay.values()).map(KernelWay::toString).collect(Collectors.joining(", ")) + ", and types are float32, bfloat16, float16.");
	}

	/** Whether a way is taken for a type, on a CPU. */
	public boolean takes(final KernelWay way, final DType dtype) {
		return types.getOrDefault(way, Set.of()).contains(dtype);
	}

	/** Whether a program asks for choices. */
	static boolean areAskedBy(final String program) {
		return Arrays.stream(KernelWay.values()).anyMatch(way -> program.contains("self." + way.method()));
	}

	/** The text of a program, with the methods that tell the choices it asks for. */
	String declaredIn(final String program) {
		final StringBuilder all = new StringBuilder(program);
		for (final KernelWay way : KernelWay.values()) {
			if (program.contains("self." + way.method())) all.append(method(way));
		}
		return all.toString();
	}

	private String method(final KernelWay way) {
		final String codes = types.getOrDefault(way, Set.of()).stream().map(type -> Integer.toString(type.torchCode())).collect(Collectors.joining(", "));
		return "  def " + way.method() + "(self, x: Tensor) -> bool:\n"
			+ "    taken = torch.__contains__(annotate(List[int], [" + codes + "]), ops.prim.dtype(x))\n"
			+ "    return torch.__and__(taken, torch.eq(ops.prim.type(ops.prim.device(x)), \"cpu\"))\n";
	}

	/** As the property takes it. */
	@Override
	public String toString() {
		final List<String> words = new ArrayList<>();
		types.forEach((way, dtypes) -> dtypes.forEach(dtype -> words.add(way + ":" + dtype.name().toLowerCase(Locale.ROOT))));
		return words.isEmpty() ? "none" : String.join(",", words);
	}
}
