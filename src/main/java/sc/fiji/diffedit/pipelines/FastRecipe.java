package sc.fiji.diffedit.pipelines;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * How models that were distilled to a few steps are run, as their authors say. The numbers are those of the model cards
 * {@code latent-consistency/lcm-lora-sdv1-5}, {@code h1t/TCD-SDXL-LoRA}, {@code ByteDance/Hyper-SD}, {@code ByteDance/SDXL-Lightning}
 * and {@code stabilityai/sdxl-turbo}. Many of these files are made for one number of steps, which their names tell.
 *
 * <pre>{@code
 * FastSettings fast = FastRecipe.of("hyper-sd").settings(List.of("Hyper-SD15-8steps-lora.safetensors"));
 * lease.setParts(fast::on);
 * lease.textToImage(fast.on(TextToImageRequest.of("green nuclei")), StepListener.NONE);
 * }</pre>
 */
public enum FastRecipe {
	/** Latent consistency models, and LoRAs that make one of a model. */
	LCM("LCMScheduler", 4, 0),
	/** Trajectory consistency distillation. */
	TCD("TCDScheduler", 4, 0.3),
	/** Hyper-SD: one step by TCD with eta 1, more of them by DDIM. */
	HYPER_SD("DDIMScheduler", 8, 0),
	/** SDXL-Lightning. */
	LIGHTNING("EulerDiscreteScheduler", 4, 0),
	/** SD-Turbo and SDXL-Turbo. */
	TURBO("EulerAncestralDiscreteScheduler", 1, 0);

	private static final Pattern STEPS = Pattern.compile("(?<!\\d)(\\d{1,2})[ _-]?steps?(?![a-z])");
	/** More than that in a name are steps of something else, such as its training. */
	private static final int MOST_STEPS = 16;
	/** The least that is recommended for Hyper-SD's LoRAs with CFG in their names. */
	private static final double HYPER_GUIDANCE = 5;
	private static final Map<String, JsonPrimitive> TRAILING = Map.of("timestep_spacing", new JsonPrimitive("trailing"));
	/** Lightning's network of one step predicts the image. */
	private static final Map<String, JsonPrimitive> CLEAN = Map.of("timestep_spacing", new JsonPrimitive("trailing"), "prediction_type", new JsonPrimitive("sample"));

	private final String scheduler;
	private final int steps;
	private final double eta;

	FastRecipe(final String scheduler, final int steps, final double eta) {
		this.scheduler = scheduler;
		this.steps = steps;
		this.eta = eta;
	}

	/**
	 * A recipe by its word: {@code lcm}, {@code tcd}, {@code hyper-sd}, {@code lightning} or {@code turbo}.
	 *
	 * @throws DiffEditException if it is none of these
	 */
	public static FastRecipe of(final String word) {
		final String plain = letters(word);
		return Arrays.stream(values()).filter(recipe -> letters(recipe.toString()).equals(plain)).findFirst().orElseThrow(() -> new DiffEditException(
			"There is no recipe \"" + word.strip() + "\" for fast; there are " + Arrays.stream(values()).map(FastRecipe::toString).collect(Collectors.joining(", ")) + "."));
	}

	private static String letters(final String word) {
		return word.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
	}

	/**
	 * The recipe for some files.
	 *
	 * @param names of the model and of its LoRAs; steps that one of them names, as {@code 8steps} does, are those of the recipe
	 * @throws DiffEditException for the one file of these models that needs something else
	 */
	public FastSettings settings(final Collection<String> names) {
		final List<String> words = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
		final int count = words.stream().flatMapToInt(name -> stepsIn(name).stream()).findFirst().orElse(steps);
		if (this == HYPER_SD && words.stream().anyMatch(name -> name.contains("unet") && stepsIn(name).equals(OptionalInt.of(1)))) {
			throw new DiffEditException("Hyper-SDXL's UNet of one step begins at the timestep 800, which fast: hyper-sd does not have; take the LoRA of one step, or a UNet of more steps.");
		}
		final double guidance = this == HYPER_SD && words.stream().anyMatch(name -> name.contains("cfg")) ? HYPER_GUIDANCE : 1;
		if (this == LCM) return new FastSettings(this, scheduler, Map.of(), count, guidance, eta);
		if (this == TCD || this == HYPER_SD && count == 1) return new FastSettings(this, TCD.scheduler, Map.of(), count, guidance, this == TCD ? eta : 1);
		return new FastSettings(this, scheduler, this == LIGHTNING && count == 1 ? CLEAN : TRAILING, count, guidance, eta);
	}

	/** The steps that a name tells. */
	private static OptionalInt stepsIn(final String name) {
		return STEPS.matcher(name).results().limit(1).mapToInt(found -> Integer.parseInt(found.group(1))).filter(count -> count > 0 && count <= MOST_STEPS).findFirst();
	}

	/** Whether a model is one of those that the recipe is for, as far as its parts and name tell. */
	boolean isMeantFor(final DiffusionModel model) {
		final String name = letters(model.name());
		final Config config = model.scheduler();
		return name.contains(this == HYPER_SD ? "hyper" : letters(toString())) || this == LCM && model.unet().config().isGuidanceDistilled()
			|| (this == LCM || this == TCD) && config.getString("_class_name", "").equals(scheduler);
	}

	/** The word for it. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}
}
