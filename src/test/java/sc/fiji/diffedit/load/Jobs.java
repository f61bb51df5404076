package sc.fiji.diffedit.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.codec.digest.DigestUtils;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/** What programs ask a store of models for, small: many models, pipelines, memory plans and adapters. Each gives the same bits each time. */
final class Jobs {

	private static final int EDGE = 32;
	private static final TextToImageRequest TEXT = TextToImageRequest.of("a red square").withWidth(EDGE).withHeight(EDGE).withNumInferenceSteps(3);

	private Jobs() {}

	/** Done with a store, and told of each step or word. Gives a hash of all bits of the result. */
	@FunctionalInterface
	interface Job {

		String done(ModelStore store, StepListener listener);
	}

	/** By names for messages. */
	static Map<String, Job> all() {
		final Map<String, Job> jobs = new LinkedHashMap<>();
		jobs.put("text to image", with(plain("sd1"), Jobs::textToImage));
		jobs.put("text to image of SD 2", with(plain("sd2"), Jobs::textToImage));
		jobs.put("text to image of SDXL", with(plain("sdxl"), Jobs::textToImage));
		jobs.put("text to image with little memory", with(plain("sd1").withMemory(MemoryPlan.of(Preset.LOWEST_MEMORY)), Jobs::textToImage));
		jobs.put("text to image with a LoRA", with(plain("sd1"), Jobs::withLora));
		jobs.put("text to image with another scheduler", with(plain("sd1"), Jobs::withScheduler));
		jobs.put("image to image", with(plain("sd2"), Jobs::imageToImage));
		jobs.put("inpainting", with(plain("sd1-inpaint"), Jobs::inpaint));
		jobs.put("DiffEdit", with(plain("sd1"), Jobs::diffEdit));
		jobs.put("DiffEdit of the demo model", with(LoadOptions.of(DemoModel.NAME), Jobs::diffEdit));
		jobs.put("prompts", (store, listener) -> String.join("|",
			store.suggest(plain("t5"), SuggestionRequest.captionsOf("bowl").withCount(1).withMaxNewTokens(6), made -> listener.stepped(word(made)))));
		jobs.put("captions", (store, listener) -> store.caption(plain("blip"), picture(), CaptionRequest.DEFAULTS.withMaxNewTokens(6), made -> listener.stepped(word(made))));
		return jobs;
	}

	private static LoadOptions plain(final String model) {
		return LoadOptions.of(GoldenCase.model(model).toString()).withDevice("cpu");
	}

	private static StepListener.Step word(final int made) {
		return new StepListener.Step("Words", made - 1, made, 0, null);
	}

	/** Work with one borrowed model. */
	@FunctionalInterface
	private interface Borrowed {

		Picture done(ModelLease lease, StepListener listener);
	}

	private static Job with(final LoadOptions model, final Borrowed work) {
		return (store, listener) -> {
			try (ModelLease lease = store.borrow(model)) {
				return hash(work.done(lease, listener).values());
			}
		};
	}

	private static String hash(final float[] values) {
		final java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(Float.BYTES * values.length);
		bytes.asFloatBuffer().put(values);
		return DigestUtils.sha256Hex(bytes.array());
	}

	private static Picture picture() {
		final float[] values = new float[3 * EDGE * EDGE];
		for (int i = 0; i < values.length; i++) values[i] = i * 37 % 101 / 100f;
		return new Picture(EDGE, EDGE, 3, values);
	}

	private static Mask leftHalf() {
		final float[] values = new float[EDGE * EDGE];
		for (int i = 0; i < values.length; i++) values[i] = i % EDGE < EDGE / 2 ? 1 : 0;
		return new Mask(EDGE, EDGE, values);
	}

	private static Picture textToImage(final ModelLease lease, final StepListener listener) {
		return lease.textToImage(TEXT, listener).image();
	}

	private static Picture withLora(final ModelLease lease, final StepListener listener) {
		lease.setAdapters(Adapters.NONE.withLora(GoldenCase.model("adapters/sd1_peft.safetensors"), 1));
		return textToImage(lease, listener);
	}

	private static Picture withScheduler(final ModelLease lease, final StepListener listener) {
		lease.setParts(parts -> parts.withScheduler("UniPCMultistepScheduler"));
		return textToImage(lease, listener);
	}

	private static Picture imageToImage(final ModelLease lease, final StepListener listener) {
		final ImageToImageRequest request = ImageToImageRequest.DEFAULTS.withPrompt(List.of(Prompt.of("a red square"))).withNumInferenceSteps(6).withStrength(0.5);
		return lease.imageToImage(ImageInput.of(picture()), request, listener).image();
	}

	private static Picture inpaint(final ModelLease lease, final StepListener listener) {
		final InpaintRequest request = InpaintRequest.DEFAULTS.withPrompt(List.of(Prompt.of("a red square"))).withNumInferenceSteps(3).withStrength(1);
		return lease.inpaint(ImageInput.of(picture()), List.of(leftHalf()), request, listener).image();
	}

	private static Picture diffEdit(final ModelLease lease, final StepListener listener) {
		final ImageInput image = ImageInput.of(picture());
		final MaskResult mask = lease.diffEdit().generateMask(image, MaskRequest.between("a square", "a circle").withNumMapsPerMask(2).withNumInferenceSteps(3), listener);
		final Inversion inversion = lease.diffEdit().invert(image, InvertRequest.of("a square").withNumInferenceSteps(3), listener);
		return lease.diffEdit().edit(EditRequest.to("a circle").withNumInferenceSteps(3), mask.masks(), inversion, listener).image();
	}
}
