package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.memory.Activations;
import sc.fiji.diffedit.memory.Passes;
import sc.fiji.diffedit.memory.Passes.Part;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.TiledUNet;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.GuidanceInterval;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/** The activation memory of each kind of run: its stages with their peak bytes. Prompts are encoded one at a time. */
final class RunMemory {

	private static final String ENCODE = "image to latents", UNET = "denoising", REFINER = "refining", DECODE = "latents to image", SAFETY = "safety_checker";

	private final Networks model;
	private final Size size;
	private final List<Stage> stages = new ArrayList<>();

	/**
	 * The number and size of the latents of a run.
	 *
	 * @param encodes whether they are encoded from pictures first
	 */
	record Size(int count, int height, int width, boolean encodes) {

		static Size of(final Networks model, final ImageInput images) {
			if (images instanceof ImageInput.Encoded encoded) return of(encoded.latents(), images.count());
			final Picture picture = ((ImageInput.Pictures) images).pictures().get(0);
			return ofPictures(model, picture.width(), picture.height(), images.count());
		}

		static Size of(final Inversion inversion) {
			return of(inversion.trajectories().get(0), inversion.count());
		}

		/** Of finished results. */
		static Size of(final Latents results) {
			return of(results, results.count());
		}

		private static Size of(final Latents latents, final int count) {
			return new Size(count, latents.height(), latents.width(), false);
		}

		/** For pictures of a size in pixels, which pipelines pad to whole latents. */
		static Size ofPictures(final Networks model, final int width, final int height, final int count) {
			final VaeScale scale = model.vae().vaeScale();
			return new Size(count, scale.toLatentsCovering(height), scale.toLatentsCovering(width), true);
		}

		/** The same for given latents. */
		Size encoded() {
			return new Size(count, height, width, false);
		}

		/** The requested size in pixels, or this one if the request's is 0. */
		Size changedTo(final int askedHeight, final int askedWidth, final VaeScale scale) {
			return new Size(count, askedHeight == 0 ? height : scale.toLatents(askedHeight), askedWidth == 0 ? width : scale.toLatents(askedWidth), encodes);
		}

		static Size of(final Networks model, final TextToImageRequest request) {
			if (request.latents().isPresent()) return of(request.latents().get(), request.prompt().size());
			final int own = model.unet().config().sampleSize();
			return new Size(request.prompt().size(), own, own, false).changedTo(request.height(), request.width(), model.vae().vaeScale());
		}
	}

	private RunMemory(final Networks model, final Size size) {
		this.model = model;
		this.size = size;
		model.textEncoders().forEach((component, encoder) ->
			stages.add(new Stage(component.replace('_', ' '), component, Activations.ofTokens(encoder, 1))));
		if (size.encodes) {
			final VaeScale scale = model.vae().vaeScale();
			stages.add(new Stage(ENCODE, "vae", Activations.ofEncoder(model.vae(), scale.toPixels(size.height), scale.toPixels(size.width)), Optional.of(passes(Part.ENCODER, size.count))));
		}
	}

	/** Noisy copies are batched as the network allows, with one prompt after another. */
	static List<Stage> of(final Networks model, final Size size, final MaskRequest request) {
		final int perCopy = model.halves(request.guidanceScale()) > 1 && !request.sourceNegative().equals(request.targetNegative()) ? 4 : 2;
		final long copies = (long) request.masks(size.count) * request.numMapsPerMask();
		return new RunMemory(model, size).unet(UNET, (int) model.unet().samplesAtOnce(copies, size.height, size.width), perCopy * copies).stages;
	}

	static List<Stage> of(final Networks model, final Size size, final InvertRequest request) {
		final int images = request.inversions(size.count);
		final long steps = steps(request.numInferenceSteps(), request.inpaintStrength());
		final RunSteps taken = new RunSteps(model, request.guidanceScale(), GuidanceInterval.ALL, request.deepCache(), steps);
		final RunMemory run = new RunMemory(model, size).unet(UNET, taken.rows(images), taken.all(images, request.inversionMethod().rows(steps, request.inversionRounds())));
		return request.decodeLatents() ? run.decode(images * (steps + 1)).stages : run.stages;
	}

	/** An edit of what was inverted with a method. @param regions with prompts of their own; 1 for none */
	static List<Stage> of(final Networks model, final Size size, final EditRequest request, final InversionMethod method, final int regions) {
		final int images = images(size, request);
		final long steps = steps(request.numInferenceSteps(), request.inpaintStrength() - (1 - request.denoisingEnd()));
		final RunSteps taken = steps(model, request, steps);
		return new RunMemory(model, size).unet(UNET, taken.rows(images * regions), taken.all(images * regions, method.rowsBack(steps))).finish(request.output(), images).stages;
	}

	/** A look at finished edits with two prompts. */
	static List<Stage> of(final Networks model, final Size size, final CheckRequest request) {
		return new RunMemory(model, size).unet(UNET, size.count, 2L * request.draws() * size.count).stages;
	}

	/** The last steps of an edit, done by a refiner. */
	static List<Stage> ofRefiner(final Networks refiner, final Size size, final EditRequest request, final int regions) {
		final int images = images(size, request) * regions;
		final long steps = steps(request.numInferenceSteps(), 1 - request.denoisingEnd());
		final RunSteps taken = steps(refiner, request, steps);
		return new RunMemory(refiner, size).unet(REFINER, taken.rows(images), taken.all(images, steps)).stages;
	}

	private static RunSteps steps(final Networks model, final EditRequest request, final long steps) {
		return new RunSteps(model, request.guidanceScale(), request.guidanceInterval(), request.deepCache(), steps);
	}

	private static int images(final Size size, final EditRequest request) {
		return size.count * (request.eta() > 0 ? request.numImagesPerPrompt() : 1);
	}

	static List<Stage> of(final Networks model, final TextToImageRequest request) {
		final Size size = Size.of(model, request);
		final long steps = steps(request.numInferenceSteps(), request.denoisingEnd());
		return made(size, request.numImagesPerPrompt(), new RunSteps(model, request.guidanceScale(), request.guidanceInterval(), request.deepCache(), steps), request.output());
	}

	/** Text to image. */
	private static List<Stage> made(final Size size, final int imagesEach, final RunSteps taken, final OutputType output) {
		final int images = size.count * imagesEach;
		return new RunMemory(taken.model(), size).unet(UNET, taken.rows(images), taken.all(images, taken.steps())).finish(output, images).stages;
	}

	private static long steps(final int numInferenceSteps, final double share) {
		return Math.max(1, (long) (numInferenceSteps * share));
	}

	/** The fraction of the schedule for a run that starts from an image. */
	private static double share(final double strength, final double denoisingStart, final double denoisingEnd) {
		return (denoisingStart > 0 ? 1 - denoisingStart : strength) - (1 - denoisingEnd);
	}

	/** The refiner's steps in text to image or image to image. */
	static List<Stage> ofRefiner(final Networks refiner, final Size size, final int imagesEach, final double guidanceScale, final OutputType output) {
		final int images = size.count * imagesEach;
		final int rows = images * refiner.halves(guidanceScale);
		return new RunMemory(refiner, size).unet(REFINER, rows, 0).finish(output, images).stages;
	}

	static List<Stage> of(final Networks model, final Size size, final ImageToImageRequest request) {
		final long steps = steps(request.numInferenceSteps(), share(request.strength(), request.denoisingStart(), request.denoisingEnd()));
		return made(size, request.numImagesPerPrompt(), new RunSteps(model, request.guidanceScale(), request.guidanceInterval(), request.deepCache(), steps), request.output());
	}

	/** The crop around a mask is enlarged to the requested size, by default that of the image. */
	static List<Stage> of(final Networks model, final Size image, final InpaintRequest request) {
		final Size size = image.changedTo(request.height(), request.width(), model.vae().vaeScale());
		final long steps = steps(request.numInferenceSteps(), share(request.strength(), request.denoisingStart(), request.denoisingEnd()));
		return made(size, request.numImagesPerPrompt(), new RunSteps(model, request.guidanceScale(), request.guidanceInterval(), request.deepCache(), steps), request.output());
	}

	/**
	 * @param batch rows in a call
	 * @param all rows in all calls of the run; 0 if unknown
	 */
	private RunMemory unet(final String name, final int batch, final long all) {
		final int rows = (int) model.unet().rowsAtOnce(batch, size.height, size.width);
		final TiledUNet.Pass pass = TiledUNet.pass(model.unet(), size.height, size.width);
		stages.add(new Stage(name, "unet", Activations.ofUnet(model.unet(), rows, pass.height(), pass.width()),
			all == 0 ? Optional.empty() : Optional.of(new Passes(Part.UNET, all * pass.tiles(), pass.height(), pass.width()))));
		return this;
	}

	/** Decoding images, and the safety checker. */
	private RunMemory finish(final OutputType output, final int images) {
		if (output != OutputType.IMAGE) return this;
		decode(images);
		model.safety().ifPresent(checker -> stages.add(new Stage(SAFETY.replace('_', ' '), SAFETY, Activations.ofTokens(checker, size.count))));
		return this;
	}

	private RunMemory decode(final long images) {
		final VaeScale scale = model.vae().vaeScale();
		stages.add(new Stage(DECODE, "vae", Activations.ofDecoder(model.vae(), scale.toPixels(size.height), scale.toPixels(size.width)), Optional.of(passes(Part.DECODER, images))));
		return this;
	}

	/** Encoding or decoding images, whole or in tiles. */
	private Passes passes(final Part part, final long images) {
		final Optional<Tiling> tiles = TiledAutoencoder.tilingOf(model.vae()).filter(tiling -> Math.max(size.height, size.width) > tiling.latentSize());
		return tiles.map(tiling -> new Passes(part, images * tiling.tiles(size.height, size.width), Math.min(size.height, tiling.latentSize()),
			Math.min(size.width, tiling.latentSize()))).orElseGet(() -> new Passes(part, images, size.height, size.width));
	}
}
