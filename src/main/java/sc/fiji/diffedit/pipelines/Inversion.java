package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Images on their way to noise, in plain Java. A longer inversion serves every smaller strength: its last latents are
 * those of the shorter one.
 *
 * @param trajectories one per image: {@code steps} latents, index 0 the most noisy; after them, when {@code clean}, the
 *          latents of the image itself
 * @param clean whether the last latents of each trajectory are those of the image itself
 * @param numInferenceSteps steps of the noise schedule
 * @param method how they were made; latents of one that keeps more than one {@linkplain InversionMethod#parts part} have so many times
 *          the channels
 * @param originals the pictures that were inverted, whose pixels an edit keeps outside the mask; empty when latents were
 *          given or in parity mode
 * @param decoded with {@code decodeLatents}, one picture per image and step, image by image; else empty
 */
public record Inversion(List<Latents> trajectories, boolean clean, int numInferenceSteps, InversionMethod method, List<Picture> originals,
	List<Picture> decoded) {

	public Inversion {
		trajectories = List.copyOf(trajectories);
		originals = List.copyOf(originals);
		decoded = List.copyOf(decoded);
		if (trajectories.isEmpty()) throw new DiffEditException("The inversion holds no latents; invert the image first.");
		if (method.isExact() && !clean) throw new DiffEditException("An inversion by " + method.word() + " without the latents of the image itself cannot be walked back; invert the image again.");
	}

	/** An inversion by DDIM from latents alone, such as one read from a file: index 0 of each is the most noisy. */
	public static Inversion of(final List<Latents> trajectories, final int numInferenceSteps) {
		return new Inversion(trajectories, false, numInferenceSteps, InversionMethod.DDIM, List.of(), List.of());
	}

	/** Number of images. */
	public int count() {
		return trajectories.size();
	}

	/** Number of noisy latents per image. */
	public int steps() {
		return trajectories.get(0).count() - (clean ? 1 : 0);
	}
}
