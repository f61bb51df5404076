package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.util.ClassUtils;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;

/** Each form tells how much memory its run is expected to take, and what is wrong in its place. */
class MemoryLineTest {

	private static Context context;
	private static DiffusionModelService models;

	@BeforeAll
	static void start() {
		context = new Context();
		models = context.service(DiffusionModelService.class);
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	private static Module form(final Class<? extends Command> command, final Map<String, Object> answers) throws Exception {
		final Module module = Commands.form(context, command);
		final Map<String, Object> all = new HashMap<>(answers);
		if (module.getInfo().getInput("image") != null) all.putIfAbsent("image", image(64, 48));
		all.forEach(module::setInput);
		return module;
	}

	private static ImagePlus image(final int width, final int height) {
		return new ImagePlus("image", new ColorProcessor(width, height));
	}

	/** What the form says after an answer has changed, once it has been worked out. */
	private static String lineAfter(final Module form, final String changed) throws Exception {
		form.getInfo().getInput(changed).callback(form);
		return line(form);
	}

	private static String line(final Module form) throws InterruptedException {
		return line(() -> (String) form.getInput(MemoryLine.FIELD));
	}

	private static String line(final Supplier<String> line) throws InterruptedException {
		for (int i = 0; i < 200 && MemoryLine.UNKNOWN.equals(line.get()); i++) Thread.sleep(50);
		return line.get().replace("<br>", " ");
	}

	static Stream<Class<? extends Command>> forms() {
		return Stream.of(GenerateMask.class, InvertImage.class, EditImageWithText.class, EditWithMask.class, TextToImage.class, ImageToImage.class, Inpaint.class, Demo.class);
	}

	@ParameterizedTest
	@MethodSource("forms")
	void everyFormTellsEachStage(final Class<? extends Command> command) throws Exception {
		final Module form = form(command, command == Demo.class ? Map.of() : Map.of("model", GoldenCase.model("sd1").toString(), "memory", DiffusionModelInputs.LOW));
		final String lineAfter = lineAfter(form, command == Demo.class ? "maps" : "memory");
		final String preset = command == Demo.class ? DiffusionModelInputs.FAST : DiffusionModelInputs.LOW;
		assertTrue(lineAfter.matches("Memory with preset " + preset + ": about \\d.* [MG]B; \\d.* GB are free\\. (weights .* [MG]B; )?text encoder .*"), lineAfter);
		assertTrue(lineAfter.contains("denoising "), lineAfter);
		assertEquals(command != TextToImage.class, lineAfter.contains("image to latents "), lineAfter);
		assertEquals(command != GenerateMask.class && command != InvertImage.class, lineAfter.contains("latents to image "), lineAfter);
	}

	@Test
	void theLineIsWhatTheServiceExpects() throws Exception {
		final String model = GoldenCase.model("sdxl").toString();
		final Module form = form(GenerateMask.class, Map.of("model", model, "maps", 2, "memory", "preset=lowest;storage=float8_e4m3fn", "image", image(640, 320)));
		final LoadOptions options = LoadOptions.of(model).withMemory(MemoryPlan.parse("preset=lowest;storage=float8_e4m3fn"));
		final String expected = models.expected(options).mask(640, 320, MaskRequest.DEFAULTS.withNumMapsPerMask(2)).parts();
		assertTrue(lineAfter(form, "maps").endsWith(" " + expected), form.getInput(MemoryLine.FIELD) + " but " + expected);
	}

	@Test
	void itFollowsTheAnswers() throws Exception {
		final Module form = form(TextToImage.class, Map.of("model", GoldenCase.model("sd1").toString(), "width", 64, "height", 64));
		final String small = lineAfter(form, "width");
		form.setInput("width", 1024);
		final String large = lineAfter(form, "width");
		assertFalse(small.equals(large), large);
		form.setInput("memory", DiffusionModelInputs.LOWEST);
		assertTrue(lineAfter(form, "memory").contains("preset " + Preset.LOWEST_MEMORY.label() + ":"), line(form));
		form.setInput("model", GoldenCase.model("sdxl").toString());
		assertTrue(lineAfter(form, "model").contains("text encoder 2 "), line(form));
		form.setInput("options", "refiner: " + GoldenCase.model("sdxl-refiner"));
		assertTrue(lineAfter(form, "options").contains("refining "), line(form));
		form.setInput("width", 800_000);
		form.setInput("height", 800_000);
		assertTrue(lineAfter(form, "width").contains(" are free. This does not fit; smaller presets will be tried. "), line(form));
	}

	/** Fewer steps are taken for a smaller change: the time that the line tells is another one. */
	@Test
	void itFollowsTheAmountOfChange() throws Exception {
		for (final Class<? extends Command> command : List.of(EditWithMask.class, EditImageWithText.class, ImageToImage.class, Inpaint.class)) {
			final Module form = form(command, Map.of("model", "no such model"));
			assertTrue(lineAfter(form, "strength").contains("no such model"), command + ": " + line(form));
		}
	}

	/** Several images are made one after another. */
	@Test
	void theTimeIsThatOfAllImages() {
		final String model = GoldenCase.model("sd1").toString();
		final Map<String, Object> answers = Map.of("model", model, "prompt", "cells", "steps", 2, "width", 16, "height", 16);
		Commands.run(context, TextToImage.class, answers);
		final Duration one = time(answers, 1), three = time(answers, 3);
		assertTrue(one.toNanos() > 0, one.toString());
		assertEquals(one.multipliedBy(3), three);
	}

	private static Duration time(final Map<String, Object> answers, final int count) {
		final Map<String, Object> all = new HashMap<>(answers);
		all.put("count", count);
		return time(TextToImage.class, all);
	}

	private static Duration time(final Class<? extends Command> command, final Map<String, Object> answers) {
		final CommandModule form = Commands.form(context, command);
		answers.forEach(form::setInput);
		return ((ModelCommand) form.getCommand()).estimate().ofModel().apply(models.expected(LoadOptions.of(String.valueOf(answers.get("model"))))).time().orElseThrow();
	}

	/** Its steps count, not those of the form, and an image that was inverted by EDICT comes back by two predictions for each. */
	@Test
	void theTimeOfAnEditIsThatOfItsInversion() {
		final Map<String, Object> answers = new HashMap<>(Map.of("model", GoldenCase.model("sd1").toString(), "image", image(32, 32), "source", "cells", "steps", 4));
		final ImagePlus inverted = (ImagePlus) Commands.run(context, InvertImage.class, new HashMap<>(answers)).getOutput("inversion");
		answers.putAll(Map.of("inversionFrom", "Inversion image", "inverted", inverted, "steps", 9));
		final Duration once = time(EditWithMask.class, answers);
		assertTrue(once.toNanos() > 0, once.toString());
		final ImagePlus coupled = inverted.duplicate();
		final String info = (String) inverted.getProperty("Info");
		assertTrue(info.contains("inversion=DDIM"), info);
		coupled.setProperty("Info", info.replace("inversion=DDIM", "inversion=EDICT"));
		answers.put("inverted", coupled);
		final Duration twice = time(EditWithMask.class, answers);
		assertTrue(twice.compareTo(once) > 0, twice + " and " + once);
		assertEquals(models.expected(LoadOptions.of(String.valueOf(answers.get("model")))).edit(32, 32, EditRequest.DEFAULTS.withNumInferenceSteps(4), InversionMethod.EDICT).time().orElseThrow(), twice);
	}

	@Test
	void theRefinerOfAnEditIsCounted() throws Exception {
		final String base = GoldenCase.model("sdxl").toString();
		final Module form = form(EditImageWithText.class, Map.of("model", base, "memory", DiffusionModelInputs.FAST, "options", "refiner: " + GoldenCase.model("sdxl-refiner")));
		final LoadOptions options = LoadOptions.of(base).withMemory(MemoryPlan.of(Preset.FAST));
		final LoadOptions refiner = LoadOptions.of(GoldenCase.model("sdxl-refiner").toString()).withMemory(options.memory()).withBase(options);
		final long weights = models.expected(options).edit(64, 48, EditRequest.DEFAULTS, InversionMethod.DDIM).weights() + models.expected(refiner).refining(64, 48, EditRequest.DEFAULTS).weights();
		assertTrue(lineAfter(form, "options").contains("weights " + (long) Math.ceil(weights / 1e6) + " MB;"), line(form) + " but " + weights);
	}

	/** Captioners and prompt generators have forms of their own, and are counted where the further options name them. */
	@Test
	void modelsThatWriteWordsAreCounted() throws Exception {
		final String t5 = GoldenCase.model("t5").toString(), blip = GoldenCase.model("blip").toString();
		final Module prompts = form(SuggestPrompts.class, Map.of("model", t5, "count", 4));
		assertTrue(lineAfter(prompts, "count").matches("Memory: about \\d+ MB; .* GB are free\\. prompt generator \\d+ MB"), line(prompts));
		final Module caption = form(CaptionImage.class, Map.of("model", blip));
		assertTrue(lineAfter(caption, "model").matches("Memory: about \\d+ MB; .* GB are free\\. captioner \\d+ MB"), line(caption));
		caption.setInput("model", t5);
		assertTrue(lineAfter(caption, "model").contains("'t5'"), line(caption));
		final Module mask = form(GenerateMask.class, Map.of("model", GoldenCase.model("sd1").toString(), "options", "captioner: " + blip + "; generator: " + t5 + "; prompts: 3"));
		assertTrue(lineAfter(mask, "options").matches(".*denoising .*, captioner .*, prompt generator .*"), line(mask));
	}

	/** However long the model's files take to be read, and whatever happens then: no callback is needed for the answer to come. */
	@Test
	void theAnswerComesByItselfAndNobodyWaitsForIt() throws Exception {
		final MemoryLine line = new MemoryLine();
		final Supplier<String> shown = () -> (String) ClassUtils.getValue(ClassUtils.getField(MemoryLine.class, MemoryLine.FIELD), line);
		final CountDownLatch read = new CountDownLatch(1);
		line.show(() -> {
			await(read);
			return MemoryText.ofWriter(new MemoryEstimate(7_000_000, Map.of()));
		});
		assertEquals(MemoryLine.UNKNOWN, shown.get());
		read.countDown();
		assertTrue(line(shown).startsWith("Memory: about 7 MB; "), line(shown));
		line.show(() -> {
			throw new StackOverflowError("too deep");
		});
		assertTrue(line(shown).contains("cannot be estimated for this model (java.lang.StackOverflowError: too deep)"), line(shown));
	}

	private static void await(final CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	@Test
	void whatIsWrongIsToldInItsPlace(@TempDir final Path folder) throws Exception {
		final Module form = form(TextToImage.class, Map.of("model", "no such model"));
		assertTrue(lineAfter(form, "model").matches("Memory: .*no such model.*"), line(form));
		form.setInput("model", folder.toString());
		assertTrue(lineAfter(form, "model").contains("model_index.json"), line(form));
		Files.createDirectories(folder.resolve("unet"));
		Files.writeString(folder.resolve("model_index.json"), "{\"unet\": [\"diffusers\", \"UNet2DConditionModel\"]}");
		Files.writeString(folder.resolve("unet/diffusion_pytorch_model.safetensors"), "this is no header");
		assertTrue(lineAfter(form, "model").startsWith("Memory: "), line(form));
		form.setInput("model", GoldenCase.model("sd1").toString());
		form.setInput("memory", "huge");
		assertTrue(lineAfter(form, "memory").contains("'huge'"), line(form));
		form.setInput("memory", DiffusionModelInputs.AUTOMATIC);
		form.setInput("options", "colour: red");
		assertTrue(lineAfter(form, "options").contains("colour"), line(form));
		form.setInput("options", "");
		assertTrue(lineAfter(form, "options").startsWith("Memory with preset "), line(form));
		final Module none = form(GenerateMask.class, Map.of());
		none.setInput("image", null);
		assertEquals("Memory: no image is open.", lineAfter(none, "image"));
	}

	/** Nobody answers a message: it is neither asked for, nor kept, nor recorded. */
	@ParameterizedTest
	@MethodSource("forms")
	void theLineIsNoInput(final Class<? extends Command> command) {
		final ModuleItem<?> line = Commands.form(context, command).getInfo().getInput(MemoryLine.FIELD);
		assertEquals(ItemVisibility.MESSAGE, line.getVisibility());
		assertFalse(line.isRequired() || line.isPersisted());
	}

	@Test
	void commandsRunWithoutIt() throws Exception {
		final CommandModule done = Commands.run(context, TextToImage.class,
			Map.of("model", GoldenCase.model("sd1").toString(), "width", 16, "height", 16, "steps", 1, "prompt", "a bowl"));
		assertFalse(done.isCanceled(), done.getCancelReason());
		assertEquals(List.of(""), List.of(done.getInput(MemoryLine.FIELD)));
	}
}
