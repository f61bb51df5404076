package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.Passes;
import sc.fiji.diffedit.memory.Passes.Part;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockListener;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Measures each network call during runs, estimates how long a run will take on this machine, and reports the progress of long
 * calls to the run. Used as a listener on the device's thread only.
 * <p>
 * GPU calls are asynchronous, so on a GPU a call of the UNet is measured from the end of the previous one.
 */
final class Speed implements BlockListener {

	/** Progress is reported only for calls longer than the former, and at intervals of at least the latter. */
	private static final long REPORT_AFTER_NANOS = 2_000_000_000L, PAUSE_NANOS = 500_000_000L;

	private final Timings timings;
	private final String model;
	private final VaeScale scale;
	private final Map<Block, Piece> pieces = new IdentityHashMap<>();
	private final Map<Part, Cost> costs = new EnumMap<>(Part.class);
	private final Map<Part, Long> rows = new EnumMap<>(Part.class);
	private final Set<String> measured = new HashSet<>();

	private Piece now;
	private int blocks;
	private int calls;
	private long spent;
	private long reported;
	/** The end of the last call, if the next can be measured from it. */
	private OptionalLong lastEnd = OptionalLong.empty();

	/** Blocks computed in sequence. */
	private record Piece(Part part, List<Block> blocks) {

		Block first() {
			return blocks.get(0);
		}

		Block last() {
			return blocks.get(blocks.size() - 1);
		}
	}

	/** @param model identifies the model with everything that affects its speed: data type, device and preset */
	Speed(final Timings timings, final String model, final Networks networks) {
		this.timings = timings;
		this.model = model;
		this.scale = networks.vae().vaeScale();
		add(Part.UNET, networks.unet().blocks(), name -> true);
		add(Part.ENCODER, networks.vae().blocks(), name -> name.startsWith("encoder.") || name.startsWith("quant_conv"));
		add(Part.DECODER, networks.vae().blocks(), name -> name.startsWith("decoder.") || name.startsWith("post_quant_conv"));
	}

	private void add(final Part part, final List<Block> all, final Predicate<String> which) {
		final List<Block> chosen = all.stream().filter(block -> which.test(block.path() + block.leaves().get(0).name())).toList();
		final Map<Object, List<Block>> networks = new IdentityHashMap<>(); // an autoencoder may exist in two data types
		chosen.forEach(block -> networks.computeIfAbsent(block.dtype(), type -> new ArrayList<>()).add(block));
		for (final List<Block> blocks : networks.values()) {
			final Piece piece = new Piece(part, blocks);
			blocks.forEach(block -> pieces.put(block, piece));
		}
		costs.put(part, Cost.of(chosen, part));
	}

	/** The expected duration of stages; empty if one of their components has never been measured. */
	Optional<Duration> time(final List<Stage> stages) {
		double seconds = 0;
		for (final Stage stage : stages) {
			if (stage.passes().isEmpty() && stage.component().equals("unet")) return Optional.empty(); // the number of steps is unknown
			if (stage.passes().isEmpty()) continue;
			final Passes passes = stage.passes().get();
			final OptionalDouble row = timings.of(what(passes.part()), pixels(passes), costs.get(passes.part())::of);
			if (row.isEmpty()) return Optional.empty();
			seconds += passes.rows() * row.getAsDouble();
		}
		return Optional.of(Duration.ofMillis((long) (1000 * seconds)));
	}

	private String what(final Part part) {
		return model + " " + part;
	}

	private long pixels(final Passes passes) {
		final long latents = (long) passes.height() * passes.width();
		return passes.part() == Part.UNET ? latents : scale.area(latents);
	}

	/** Starts a run, with the passes through each component. */
	void begins(final List<Stage> stages) {
		rows.clear();
		for (final Stage stage : stages) stage.passes().ifPresent(passes -> rows.merge(passes.part(), passes.rows(), Long::sum));
		calls = 0;
		lastEnd = OptionalLong.empty();
	}

	@Override
	public void computed(final Block block, final Tensor result, final long nanos) {
		final Piece piece = pieces.get(block);
		if (piece == null) return;
		if (now == null || piece.part != now.part) {
			calls = 0;
			lastEnd = OptionalLong.empty();
		}
		if (piece != now || block == piece.first()) spent = blocks = 0;
		now = piece;
		spent += nanos;
		blocks++;
		if (block == piece.last()) ended(piece, block, result);
		else if (spent > REPORT_AFTER_NANOS) report(piece);
	}

	private void ended(final Piece piece, final Block last, final Tensor result) {
		final boolean waits = piece.part == Part.UNET && !last.device().isCpu();
		final long end = System.nanoTime();
		final boolean whole = 2 * blocks > piece.blocks.size();                // steps may take over what deep levels made before
		if (whole && (!waits || lastEnd.isPresent())) {
			final double seconds = (waits ? end - lastEnd.getAsLong() : spent) / 1e9;
			final long places = result.size(2) * result.size(3);
			final long pixels = piece.part == Part.ENCODER ? scale.area(places) : places;
			final String what = what(piece.part);
			timings.measured(what, pixels, seconds / result.size(0), measured.add(what + pixels));
		}
		lastEnd = OptionalLong.of(end);
		spent = blocks = 0;
		calls += (int) result.size(0);
	}

	private void report(final Piece piece) {
		final long time = System.nanoTime();
		if (time - reported < PAUSE_NANOS) return;
		reported = time;
		final long all = rows.getOrDefault(piece.part, 1L);
		final String count = blocks + " of " + piece.blocks.size(), of = all > 1 ? Math.min(all, calls + 1) + " of " + all + ", " : "";
		Run.current().report(switch (piece.part) {
			case ENCODER -> "Image to latents: " + of + "block " + count;
			case UNET -> "Block " + count;                                  // steps say what is computed
			case DECODER -> "Latents to image: " + of + "block " + count;
		});
	}

	/** Ends a run and saves the measurements. */
	void ended() {
		timings.save();
	}
}
