package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A UNet that splits batches into as many rows as may go through it at once. As many samples as fit are computed
 * together, with as many of their conditionings at once as fit. Splitting changes predictions by rounding only.
 */
public final class BatchedUNet extends WrappedUNet {

	/** Latent pixels of the samples of one call that are worth it: two images of 512 x 512 with factor 8. More take memory and gain no time. */
	private static final long LATENT_PIXELS = 2 * 64 * 64;

	private final BatchPolicy policy;

	/** @param policy determines how many rows are computed at once */
	public BatchedUNet(final UNet inner, final BatchPolicy policy) {
		super(inner);
		this.policy = policy;
	}

	@Override
	public long rowsAtOnce(final long rows, final long height, final long width) {
		return policy.rows(inner(), rows, height, width);
	}

	@Override
	public long samplesAtOnce(final long samples, final long height, final long width) {
		long most = Math.max(1, Math.min(samples, LATENT_PIXELS / (height * width)));
		while (samples % most != 0) most--;
		return most;
	}

	@Override
	public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		final long all = conditionings.get(0).batch();
		if (conditionings.stream().anyMatch(conditioning -> conditioning.batch() != all)) {
			throw new DiffEditException("The conditionings of one call have different numbers of rows; give all as many, or ask for one after another.");
		}
		final long batch = sample.size(0);
		final long rows = rowsAtOnce(all, sample.size(2), sample.size(3));
		if (rows >= all || batch < 1) return inner().predict(sample, timestep, conditionings, features);
		final long samples = Math.min(batch, rows);
		final long together = batch * (rows / samples);
		try (Scope scope = Scope.open()) {
			final List<Conditioning> parts = new ArrayList<>();
			for (final Conditioning conditioning : conditionings) parts.addAll(cut(conditioning, together));
			final List<Tensor> predictions = samples == batch ? inner().predict(sample, timestep, parts, features.part(together)) : bySamples(sample, timestep, parts, samples, features);
			return joined(predictions, conditionings.size()).stream().map(scope::keep).toList();
		}
	}

	private static List<Conditioning> cut(final Conditioning conditioning, final long rows) {
		final List<Conditioning> parts = new ArrayList<>();
		for (long from = 0; from < conditioning.batch(); from += rows) parts.add(rows(conditioning, from, from + rows));
		return parts;
	}

	private static Conditioning rows(final Conditioning conditioning, final long from, final long to) {
		return conditioning.map(t -> t.slice(0, from, Math.min(t.size(0), to)));
	}

	/** With fewer samples at once than there are, each part is one conditioning for each of them. */
	private List<Tensor> bySamples(final Tensor sample, final double timestep, final List<Conditioning> parts, final long samples, final DeepFeatures features) {
		final List<List<Tensor>> slices = new ArrayList<>();
		for (long i = 0; i < sample.size(0); i += samples) {
			final long from = i;
			final long to = Math.min(sample.size(0), from + samples);
			slices.add(inner().predict(sample.slice(0, from, to), timestep, parts.stream().map(part -> rows(part, from, to)).toList(), features.part(from, to)));
		}
		final List<Tensor> whole = new ArrayList<>();
		for (int i = 0; i < parts.size(); i++) {
			final int part = i;
			whole.add(Tensor.cat(slices.stream().map(slice -> slice.get(part)).toList(), 0));
		}
		return whole;
	}

	/** As many predictions as conditionings, each from the same number of parts. */
	private static List<Tensor> joined(final List<Tensor> parts, final int conditionings) {
		final int each = parts.size() / conditionings;
		final List<Tensor> whole = new ArrayList<>();
		for (int i = 0; i < parts.size(); i += each) whole.add(each == 1 ? parts.get(i) : Tensor.cat(parts.subList(i, i + each), 0));
		return whole;
	}
}
