package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.Map;

import sc.fiji.diffedit.memory.Activations;
import sc.fiji.diffedit.pipelines.DiffusionModel;
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

/** What each kind of run takes for activations: bytes at the peak of each of its stages. */
final class RunMemory {

	private static final String ENCODE = "image to latents", UNET = "denoising", DECODE = "latents to image";

	private final DiffusionModel model;
	private final Map<String, Long> stages = new LinkedHashMap<>();

	private RunMemory(final DiffusionModel model) {
		this.model = model;
	}

	static Map<String, Long> of(final DiffusionModel model, final ImageInput images, final MaskRequest ask) {
		final int perCopy = ask.guidanceScale() > 1 && !ask.sourceNegative().equals(ask.targetNegative()) ? 4 : 2;
		final Size size = size(model, images);
		return new RunMemory(model).encode(images, size).unet(perCopy * copiesAtOnce(size, perCopy, images.count() * ask.numMapsPerMask()), size).stages;
	}

	/** As the mask's pipeline does it: several copies of small images at once. */
	private static int copiesAtOnce(final Size size, final int perCopy, final int copies) {
		return (int) Math.max(1, Math.min(copies, 2L * 64 * 64 / ((long) perCopy * size.height * size.width)));
	}

	static Map<String, Long> of(final DiffusionModel model, final ImageInput images, final InvertRequest ask) {
		final Size size = size(model, images);
		final RunMemory run = new RunMemory(model).encode(images, size).unet(images.count() * halves(ask.guidanceScale()), size);
		return ask.decodeLatents() ? run.decode(size).stages : run.stages;
	}

	static Map<String, Long> of(final DiffusionModel model, final Inversion inversion, final EditRequest ask) {
		final Latents latents = inversion.trajectories().get(0);
		final Size size = new Size(latents.height(), latents.width());
		final int copies = ask.eta() > 0 ? ask.numImagesPerPrompt() : 1;
		return new RunMemory(model).unet(inversion.count() * copies * halves(ask.guidanceScale()), size).decode(size, ask.output()).stages;
	}

	static Map<String, Long> of(final DiffusionModel model, final TextToImageRequest ask) {
		final int factor = model.vae().scaleFactor();
		final int own = model.unet().config().sampleSize();
		final Size size = ask.latents().map(given -> new Size(given.height(), given.width()))
			.orElseGet(() -> new Size(ask.height() == 0 ? own : ask.height() / factor, ask.width() == 0 ? own : ask.width() / factor));
		return new RunMemory(model).unet(ask.prompt().size() * ask.numImagesPerPrompt() * halves(ask.guidanceScale()), size).decode(size, ask.output()).stages;
	}

	static Map<String, Long> of(final DiffusionModel model, final ImageInput images, final ImageToImageRequest ask) {
		final Size size = size(model, images);
		return new RunMemory(model).encode(images, size).unet(images.count() * ask.numImagesPerPrompt() * halves(ask.guidanceScale()), size)
			.decode(size, ask.output()).stages;
	}

	/** A crop around the mask would take less; the whole image is counted. */
	static Map<String, Long> of(final DiffusionModel model, final ImageInput images, final InpaintRequest ask) {
		final Size size = size(model, images);
		return new RunMemory(model).encode(images, size).unet(images.count() * ask.numImagesPerPrompt() * halves(ask.guidanceScale()), size)
			.decode(size, ask.output()).stages;
	}

	/** Of latents. */
	private record Size(int height, int width) {}

	private static Size size(final DiffusionModel model, final ImageInput images) {
		if (images instanceof ImageInput.Encoded encoded) return new Size(encoded.latents().height(), encoded.latents().width());
		final Picture picture = ((ImageInput.Pictures) images).pictures().get(0);
		final int factor = model.vae().scaleFactor();
		return new Size((picture.height() + factor - 1) / factor, (picture.width() + factor - 1) / factor);
	}

	private static int halves(final double guidanceScale) {
		return guidanceScale > 1 ? 2 : 1;
	}

	private RunMemory encode(final ImageInput images, final Size size) {
		final int factor = model.vae().scaleFactor();
		if (images instanceof ImageInput.Pictures) stages.put(ENCODE, Activations.ofEncoder(model.vae(), size.height * factor, size.width * factor));
		return this;
	}

	private RunMemory unet(final int batch, final Size size) {
		final int rows = (int) model.unet().rowsAtOnce(batch, size.height, size.width);
		stages.put(UNET, Activations.ofUnet(model.unet(), rows, size.height, size.width));
		return this;
	}

	private RunMemory decode(final Size size, final OutputType output) {
		return output == OutputType.IMAGE ? decode(size) : this;
	}

	private RunMemory decode(final Size size) {
		final int factor = model.vae().scaleFactor();
		stages.put(DECODE, Activations.ofDecoder(model.vae(), size.height * factor, size.width * factor));
		return this;
	}
}
