package sc.fiji.diffedit.goldens;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.goldens.GoldenRunner.NotYet;
import sc.fiji.diffedit.goldens.Outcome.Status;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Torch;

/** Which runner serves which case; what is not listed is not there yet. */
public final class GoldenRunners {

	/** By kind of component, or by diffusers' class and method for pipelines. */
	private static final Map<String, GoldenRunner> RUNNERS = Map.ofEntries(
		Map.entry("LatentConsistencyModelPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionDiffEditPipeline", new EditRunner()),
		Map.entry("StableDiffusionDiffEditPipeline.generate_mask", new GenerateMaskRunner()),
		Map.entry("StableDiffusionDiffEditPipeline.invert", new InvertRunner()),
		Map.entry("StableDiffusionImg2ImgPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionInpaintPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionXLImg2ImgPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionXLInpaintPipeline", new GenerationRunner()),
		Map.entry("StableDiffusionXLPipeline", new GenerationRunner()),
		Map.entry("blip", new BlipRunner()),
		Map.entry("mean_embeddings", new MeanEmbeddingsRunner()),
		Map.entry("random", new RandomRunner()),
		Map.entry("safety", new SafetyRunner()),
		Map.entry("scheduler", new SchedulerRunner()),
		Map.entry("t5", new T5Runner()),
		Map.entry("text_encoder", new TextEncoderRunner()),
		Map.entry("tokenizer", new TokenizerRunner()),
		Map.entry("unet", new UNetRunner()),
		Map.entry("vae", new VaeRunner()));

	private static final Map<String, Outcome> SHIPPED = new ConcurrentHashMap<>();

	private GoldenRunners() {}

	/** The outcome of a case that comes with the tests, which is run once in each Java, whatever number of tests ask for it. */
	public static Outcome shipped(final String name) {
		return SHIPPED.computeIfAbsent(name, each -> run(new GoldenTree(GoldenTree.SHIPPED), each));
	}

	/** Runs one case; whatever goes wrong is told in the outcome. */
	public static Outcome run(final GoldenTree tree, final String name) {
		Torch.prepareThread();
		final long before = Scope.liveValues();
		try {
			final Comparison comparison = compare(tree, name);
			final long left = Scope.liveValues() - before;
			if (left != 0) comparison.wrong("memory", "still holds " + left + " native values after the run");
			return outcome(name, comparison);
		}
		catch (final NotYet e) {
			return new Outcome(name, Status.SKIP, new Comparison.Finding("", 0, 0, ""), 0, e.getMessage());
		}
		catch (final RuntimeException e) {
			final String message = e instanceof DiffEditException ? e.getMessage() : e.toString();
			return new Outcome(name, Status.FAIL, new Comparison.Finding("", Double.NaN, 0, message), 0, message);
		}
	}

	private static Comparison compare(final GoldenTree tree, final String name) {
		try (GoldenCase golden = tree.open(name); Scope scope = Scope.open()) {
			final Comparison comparison = new Comparison(golden);
			final GoldenRunner runner = RUNNERS.get(key(golden));
			if (runner == null) throw new NotYet("there is no " + key(golden) + " yet");
			runner.run(golden, comparison);
			comparison.finish();
			return comparison;
		}
	}

	private static String key(final GoldenCase golden) {
		if (!golden.kind().equals("pipeline")) return golden.kind();
		final String method = golden.text("method");
		return golden.text("pipeline") + (method.isEmpty() || method.equals("__call__") ? "" : "." + method);
	}

	private static Outcome outcome(final String name, final Comparison comparison) {
		final int compared = comparison.findings().size();
		if (comparison.wrong().isEmpty()) return new Outcome(name, Status.PASS, comparison.worst(), compared, "");
		final String reason = comparison.wrong().get(0) + (comparison.wrong().size() > 1 ? " and " + (comparison.wrong().size() - 1) + " more" : "");
		return new Outcome(name, Status.FAIL, comparison.worst(), compared, reason);
	}
}
