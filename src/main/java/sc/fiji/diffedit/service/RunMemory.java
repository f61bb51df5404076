package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.memory.Activations;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/** What each kind of run takes for activations: its stages, each with the bytes at its peak. Prompts are read one at a time. */
final class RunMemory {

	private static final String ENCODE = "image to latents", UNET = "denoising", REFINER = "refining", DECODE = "latents to image", SAFETY = "safety_checker";

	private final Networks model;
	private final Size size;
	private final List<Stage> stages = new ArrayList<>();

	/**
	 * How many latents of which size a run works on.
	 *
	 * @param encodes whether they are made from pictures first
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

		private static Size of(final Latents latents, final int count) {
			return new Size(count, latents.height(), latents.width(), false);
		}

		/** Pictures of a size in pixels, which pipelines fill up to whole latents. */
		static Size ofPictures(final Networks model, final int width, final int height, final int count) {
			final int factor = model.vae().scaleFactor();
			return new Size(count, (height + factor - 1) / factor, (width + factor - 1) / factor, true);
		}

		/** The same when latents are there already. */
		Size encoded() {
			return new Size(count, height, width, false);
		}

		static Size of(final Networks model, final TextToImageRequest ask) {
			if (ask.latents().isPresent()) return of(ask.latents().get(), ask.prompt().size());
			final int factor = model.vae().scaleFactor();
			final int own = model.unet().config().sampleSize();
			return new Size(ask.prompt().size(), ask.height() == 0 ? own : ask.height() / factor, ask.width() == 0 ? own : ask.width() / factor, false);
		}
	}

	private RunMemory(final Networks model, final Size size) {
		this.model = model;
		this.size = size;
		model.textEncoders().forEach((component, encoder) ->
			stages.add(new Stage(component.replace('_', ' '), component, Activations.ofTokens(encoder, 1))));
		if (size.encodes) {
			final int factor = model.vae().scaleFactor();
			stages.add(new Stage(ENCODE, "vae", Activations.ofEncoder(model.vae(), size.height * factor, size.width * factor)));
		}
	}

	/** Noisy copies go to the network as many at a time as it says, under one prompt after another. */
	static List<Stage> of(final Networks model, final Size size, final MaskRequest ask) {
		final long copies = model.unet().samplesAtOnce((long) size.count * ask.numMapsPerMask(), size.height, size.width);
		return new RunMemory(model, size).unet(UNET, (int) copies).stages;
	}

	static List<Stage> of(final Networks model, final Size size, final InvertRequest ask) {
		final RunMemory run = new RunMemory(model, size).unet(UNET, size.count * halves(ask.guidanceScale()));
		return ask.decodeLatents() ? run.decode().stages : run.stages;
	}

	static List<Stage> of(final Networks model, final Size size, final EditRequest ask) {
		return new RunMemory(model, size).unet(UNET, rows(size, ask)).finish(ask.output()).stages;
	}

	/** The last steps of an edit, which a refiner takes. */
	static List<Stage> ofRefiner(final Networks refiner, final Size size, final EditRequest ask) {
		return new RunMemory(refiner, size).unet(REFINER, rows(size, ask)).stages;
	}

	private static int rows(final Size size, final EditRequest ask) {
		return size.count * (ask.eta() > 0 ? ask.numImagesPerPrompt() : 1) * halves(ask.guidanceScale());
	}

	static List<Stage> of(final Networks model, final TextToImageRequest ask) {
		final Size size = Size.of(model, ask);
		return new RunMemory(model, size).unet(UNET, size.count * ask.numImagesPerPrompt() * halves(ask.guidanceScale())).finish(ask.output()).stages;
	}

	/** A refiner's part in making images from words or from other images. */
	static List<Stage> ofRefiner(final Networks refiner, final Size size, final int imagesEach, final double guidanceScale, final OutputType output) {
		return new RunMemory(refiner, size).unet(REFINER, size.count * imagesEach * halves(guidanceScale)).finish(output).stages;
	}

	static List<Stage> of(final Networks model, final Size size, final ImageToImageRequest ask) {
		return new RunMemory(model, size).unet(UNET, size.count * ask.numImagesPerPrompt() * halves(ask.guidanceScale())).finish(ask.output()).stages;
	}

	/** What is cut out around a mask is enlarged to the size that is asked for, which is the image's own if left out. */
	static List<Stage> of(final Networks model, final Size image, final InpaintRequest ask) {
		final int factor = model.vae().scaleFactor();
		final Size size = new Size(image.count, ask.height() == 0 ? image.height : ask.height() / factor, ask.width() == 0 ? image.width : ask.width() / factor,
			image.encodes);
		return new RunMemory(model, size).unet(UNET, size.count * ask.numImagesPerPrompt() * halves(ask.guidanceScale())).finish(ask.output()).stages;
	}

	private static int halves(final double guidanceScale) {
		return guidanceScale > 1 ? 2 : 1;
	}

	private RunMemory unet(final String name, final int batch) {
		final int rows = (int) model.unet().rowsAtOnce(batch, size.height, size.width);
		stages.add(new Stage(name, "unet", Activations.ofUnet(model.unet(), rows, size.height, size.width)));
		return this;
	}

	/** Images at the end, and what looks at them. */
	private RunMemory finish(final OutputType output) {
		if (output != OutputType.IMAGE) return this;
		decode();
		model.safety().ifPresent(checker -> stages.add(new Stage(SAFETY.replace('_', ' '), SAFETY, Activations.ofTokens(checker, size.count))));
		return this;
	}

	private RunMemory decode() {
		final int factor = model.vae().scaleFactor();
		stages.add(new Stage(DECODE, "vae", Activations.ofDecoder(model.vae(), size.height * factor, size.width * factor)));
		return this;
	}
}
