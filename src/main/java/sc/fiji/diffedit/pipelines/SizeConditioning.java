package sc.fiji.diffedit.pipelines;

import java.util.Optional;

/**
 * The size and crop conditioning of SDXL (Podell et al. 2023, section 2.2), and the aesthetic score of its refiner.
 * Other models ignore it. A size left out is that of the result; a negative size or corner left
 * out is the positive one.
 *
 * @param originalSize size before it was scaled for training
 * @param cropsCoordsTopLeft upper left corner of the crop
 * @param targetSize size of the result
 * @param negativeOriginalSize the same for the negative prompt
 * @param negativeCropsCoordsTopLeft the same for the negative prompt
 * @param negativeTargetSize the same for the negative prompt
 * @param aestheticScore 1 to 10, for the refiner
 * @param negativeAestheticScore 1 to 10, for the refiner's negative prompt
 */
public record SizeConditioning(Optional<ImageSize> originalSize, ImageSize cropsCoordsTopLeft, Optional<ImageSize> targetSize,
	Optional<ImageSize> negativeOriginalSize, Optional<ImageSize> negativeCropsCoordsTopLeft, Optional<ImageSize> negativeTargetSize,
	double aestheticScore, double negativeAestheticScore) {

	/** Every default in one place. */
	public static final SizeConditioning DEFAULTS = new SizeConditioning(Optional.empty(), ImageSize.ZERO, Optional.empty(),
		Optional.empty(), Optional.empty(), Optional.empty(), 6.0, 2.5);

	// -- the same with one value changed --

	public SizeConditioning withOriginalSize(final Optional<ImageSize> originalSize) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withCropsCoordsTopLeft(final ImageSize cropsCoordsTopLeft) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withTargetSize(final Optional<ImageSize> targetSize) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withNegativeOriginalSize(final Optional<ImageSize> negativeOriginalSize) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withNegativeCropsCoordsTopLeft(final Optional<ImageSize> negativeCropsCoordsTopLeft) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withNegativeTargetSize(final Optional<ImageSize> negativeTargetSize) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withAestheticScore(final double aestheticScore) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}

	public SizeConditioning withNegativeAestheticScore(final double negativeAestheticScore) {
		return new SizeConditioning(originalSize, cropsCoordsTopLeft, targetSize, negativeOriginalSize, negativeCropsCoordsTopLeft, negativeTargetSize, aestheticScore, negativeAestheticScore);
	}
}
