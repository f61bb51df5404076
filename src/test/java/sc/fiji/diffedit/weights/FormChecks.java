package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.goldens.GoldenRunners;
import sc.fiji.diffedit.goldens.Outcome;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelInspection;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.text.ClipTokenizer;

/**
 * What must hold of a form: {@code same} and {@code near} compare all numbers with a golden model's, {@code refused} and {@code refuses}
 * want a sentence, {@code told} a notice and {@code silent} none, {@code config}, {@code number}, {@code token}, {@code file} and {@code kind} one
 * thing of the opened model; {@code adds}, {@code becomes}, {@code adapts}, {@code scaled} and {@code fits} are for LoRAs, {@code word} is for textual
 * inversions; {@code golden}, {@code part-of}, {@code merges} and {@code lycoris} compare numbers with those of diffusers, PEFT and LyCORIS, {@code runs} makes
 * an image, {@code stops} wants a sentence in its place; {@code test} names a test of its own.
 */
final class FormChecks {

	private static final String LAYER = AdapterChecks.LAYER;

	private final ModelStore store;
	private final FormMaker made;

	FormChecks(final ModelStore store, final FormMaker made) {
		this.store = store;
		this.made = made;
	}

	/** @param wanted checks with {@code ;} between them */
	void check(final String wanted) {
		for (final String each : wanted.split(" ; ")) one(each);
	}

	private void one(final String wanted) {
		final String verb = wanted.split(" ")[0];
		final String rest = wanted.substring(verb.length()).strip();
		final String[] words = rest.split(" ");
		switch (verb) {
			case "same" -> near(words[0], 0);
			case "near" -> near(words[0], Double.parseDouble(words[1]));
			case "refused" -> refused(rest);
			case "refuses" -> said(rest, assertThrows(DiffEditException.class, () -> added(LAYER + ".weight"), "nothing was refused"));
			case "told" -> assertTrue(notices().stream().anyMatch(notice -> notice.contains(rest)), () -> notices().toString());
			case "noted" -> noted(rest);
			case "unsaid" -> unsaid();
			case "silent" -> assertEquals(List.of(), notices());
			case "config" -> config(words[0], words[1], words[2]);
			case "number" -> assertEquals(Float.parseFloat(words[2]), first(words[0], words[1]), 1e-3);
			case "token" -> token(words);
			case "pads" -> pads(Long.parseLong(rest));
			case "opens" -> opens(words[0]);
			case "file" -> file(words[0], words[1]);
			case "kind" -> assertTrue(ModelInspection.of(made.target).lines().stream().anyMatch(line -> line.contains(rest)), () -> ModelInspection.of(made.target).lines().toString());
			case "adds" -> assertArrayEquals(new float[] { 1 + number(rest), number(rest), number(rest), 1 + number(rest) }, added(LAYER + ".weight"), 1e-5f);
			case "becomes" -> assertArrayEquals(FormMaker.numbers(words[2]), AdapterChecks.becomes(made.target, words[0], words[1]), 1e-4f);
			case "adapts" -> AdapterChecks.same(words[0], GoldenCase.model("adapters/" + words[1]), made.target, 0);
			case "scaled" -> AdapterChecks.same(rest, AdapterForms.withoutAlphas(made.target, made.target.resolveSibling("plain.safetensors")), made.target, 1e-6f);
			case "fits" -> fits(words[0]);
			case "word" -> word(words);
			case "golden" -> golden(words);
			case "part-of" -> AdapterChecks.samePart(made, words[0], GoldenCase.model(words[1]).resolve(words[0]));
			case "runs" -> runs();
			case "stops" -> said(rest, assertThrows(DiffEditException.class, this::runs, "nothing was refused"));
			case "merges" -> Stream.of(words).forEach(form -> MergedGoldens.peft(form));
			case "lycoris" -> Stream.of(words).skip(1).forEach(scale -> MergedGoldens.lycoris(words[0], Double.parseDouble(scale)));
			case "test" -> test(rest.split("\\.")[0], rest.split("\\.")[1]);
			default -> throw new IllegalArgumentException("nothing is known of '" + verb + "'");
		}
	}

	private static float number(final String text) {
		return Float.parseFloat(text);
	}

	/** Nobody who looks at the file first is promised anything. */
	private void refused(final String sentence) {
		said(sentence, assertThrows(DiffEditException.class, this::notices, "nothing was refused"));
		try {
			if (made.options.equals(ModelOptions.DEFAULTS)) {
				final List<String> lines = ModelInspection.of(made.target).lines();
				assertFalse(lines.stream().anyMatch(line -> line.startsWith("serves:") && !line.endsWith("as an adapter")), lines::toString);
			}
		}
		catch (final DiffEditException e) {
			said("", e);
		}
	}

	private static void said(final String wanted, final DiffEditException refusal) {
		assertTrue(refusal.getMessage().contains(wanted), refusal.getMessage());
		assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
	}

	/** Loads all networks, as everybody does; their numbers stay in the file. */
	private List<String> notices() {
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(LoadOptions.of(made.target.toString()).withFiles(made.options))) {
			lease.setNotices(notices::add);
		}
		return notices;
	}

	// -- numbers --

	/** @param tolerance relative to the largest number of a tensor */
	private void near(final String model, final double tolerance) {
		assertEquals(List.of(), notices());
		try (ModelFolder found = ModelFolder.open(made.target, made.options)) {
			GoldenNumbers.of(model).forEach((name, right) -> {
				final int slash = name.indexOf('/');
				near(name, right, found.weights(name.substring(0, slash)), name.substring(slash + 1), tolerance);
			});
		}
	}

	private static void near(final String name, final float[] right, final Weights found, final String tensor, final double tolerance) {
		float largest = 0;
		for (final float value : right) largest = Math.max(largest, Math.abs(value));
		try (Scope scope = Scope.open()) {
			assertArrayEquals(right, GoldenNumbers.in32Bits(found.get(tensor)), (float) (tolerance * largest), name);
		}
	}

	/** What is told when a file is opened, before its networks are made. */
	private void noted(final String text) {
		try (ModelFolder model = ModelFolder.open(made.target, made.options)) {
			assertTrue(model.notices().stream().anyMatch(notice -> notice.contains(text)), () -> model.notices().toString());
		}
	}

	/** Nothing is told when a file is opened. */
	private void unsaid() {
		try (ModelFolder model = ModelFolder.open(made.target, made.options)) {
			assertEquals(List.of(), model.notices());
		}
	}

	private float first(final String part, final String tensor) {
		try (ModelFolder model = ModelFolder.open(made.target, made.options); Scope scope = Scope.open()) {
			return model.weights(part).get(tensor).to(DType.FLOAT32).toFloatArray()[0];
		}
	}

	private void config(final String part, final String key, final String value) {
		try (ModelFolder model = ModelFolder.open(made.target, made.options)) {
			assertEquals(value, model.config(part).json().get(key).getAsString());
		}
	}

	/** A file of any tensors, of which one has the number 2. */
	private void opens(final String tensor) {
		try (WeightsFile file = WeightsFile.open(made.target); Scope scope = Scope.open()) {
			assertEquals(2, file.get(tensor).to(DType.FLOAT32).toFloatArray()[0]);
		}
	}

	private void file(final String part, final String name) {
		try (ModelFolder model = ModelFolder.open(made.target, made.options)) {
			assertEquals(name, model.file(part, name).getFileName().toString());
		}
	}

	/** A word and its numbers between start and end. */
	private void token(final String... words) {
		try (ClipTokenizer tokenizer = ClipTokenizer.read(made.target.resolve("tokenizer"))) {
			final long[] ids = tokenizer.encode(words[0]);
			assertEquals(String.join(" ", List.of(words).subList(1, words.length)), String.join(" ", Arrays.stream(ids, 1, ids.length - 1).mapToObj(Long::toString).toList()));
		}
	}

	private void pads(final long id) {
		try (ClipTokenizer tokenizer = ClipTokenizer.read(made.target.resolve("tokenizer"))) {
			assertEquals(id, tokenizer.padId());
		}
	}

	// -- what is added to models --

	private float[] added(final String tensor) {
		return AdapterChecks.becomes(made.target, "unet", tensor);
	}

	/** All of a LoRA's tensors belong to a layer of a model. */
	private void fits(final String model) {
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(GoldenCase.model(model).toString())) {
			lease.setNotices(notices::add);
			lease.setAdapters(Adapters.NONE.withLora(made.target, 1));
			lease.call(parts -> null);
			lease.setAdapters(Adapters.NONE);
		}
		assertEquals(List.of(), notices);
	}

	/** Cases of the golden tree, whose files are opened and whose numbers are compared. */
	private static void golden(final String... names) {
		for (final String name : names) assertEquals(Outcome.Status.PASS, GoldenRunners.shipped(name).status(), () -> GoldenRunners.shipped(name).toString());
	}

	/** An image comes out of it. */
	private void runs() {
		try (ModelLease lease = store.borrow(LoadOptions.of(made.target.toString()).withFiles(made.options))) {
			final float[] image = lease.textToImage(TextToImageRequest.of("a cat").withWidth(64).withHeight(64).withNumInferenceSteps(2), StepListener.NONE).image().values();
			for (final float value : image) assertTrue(value >= 0 && value <= 1, () -> "a value of " + value);
		}
	}

	/** A form that takes a test of its own, which is there. */
	private static void test(final String type, final String method) {
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			final Path file = files.filter(path -> path.endsWith(type + ".java")).findFirst().orElseThrow();
			assertTrue(Files.readString(file).contains("\n\tvoid " + method + "("), method);   // tests have no modifier, helpers do
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The number of vectors of a word, or the words of a file. */
	private void word(final String... wanted) {
		if (wanted[0].matches("\\d+")) assertEquals(Integer.parseInt(wanted[0]), TextualInversion.read(made.target).count());
		else assertEquals(List.of(wanted), TextualInversion.readAll(made.target).stream().map(TextualInversion::token).toList());
	}
}
