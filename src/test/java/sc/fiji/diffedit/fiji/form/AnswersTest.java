package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.prefs.PrefService;

import sc.fiji.diffedit.fiji.commands.DownloadModel;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;

/** Answers as they are typed, what is wrong with them, and what comes back the next time. */
class AnswersTest {

	private static Context context;
	private static PrefService prefs;
	private static Values values;

	@BeforeAll
	static void start() {
		context = new Context();
		prefs = context.service(PrefService.class);
		values = new Values(context.service(ConvertService.class));
	}

	@AfterAll
	static void end() {
		context.dispose();
	}

	@BeforeEach
	void forget() {
		for (final Class<?> owner : List.of(Form.class, GenerateMask.class, EditImageWithText.class, EditWithMask.class, DownloadModel.class)) prefs.clear(owner);
	}

	private static Remembered remembered(final Module module) {
		return new Remembered(prefs, values, module);
	}

	/** A form that has just been opened. */
	private static Answers open(final Class<?> command) {
		final Module module = Modules.of(context, command);
		final Plan plan = Plan.of(module);
		final List<String> rows = new ArrayList<>(plan.first());
		plan.more().values().forEach(rows::addAll);
		final List<Field> fields = rows.stream().flatMap(row -> Plan.names(row).stream()).map(name -> Fields.of(module, module.getInfo().getInput(name), values)).toList();
		final Answers answers = new Answers(module, fields);
		answers.begin(remembered(module));
		answers.take();
		return answers;
	}

	private static String trouble(final Answers answers) {
		return answers.take().map(Trouble::sentence).orElse("");
	}

	private static void type(final Answers answers, final Object... texts) {
		for (int i = 0; i < texts.length; i += 2) answers.field((String) texts[i]).show(texts[i + 1]);
	}

	private static Answers described(final Class<?> command) {
		final Answers answers = open(command);
		type(answers, "source", "green nuclei", "target", "cyan nuclei");
		return answers;
	}

	@Test
	void theCommandGetsWhatStandsThere() {
		final Answers answers = described(GenerateMask.class);
		type(answers, "maps", 4, "thresholdRatio", "2,5", "labels", false, "show", "Overlay", "model", " demo ");
		assertEquals("", trouble(answers));
		assertEquals(List.of("green nuclei", 4, 2.5, false, "Overlay", "demo"),
			List.of("source", "maps", "thresholdRatio", "labels", "show", "model").stream().map(answers.module()::getInput).toList());
	}

	@Test
	void anEmptyFormIsNotUsedAndSaysWhatItWants() {
		final Answers answers = open(GenerateMask.class);
		final Trouble first = answers.take().orElseThrow();
		assertEquals("source", first.name());
		assertTrue(first.isEmpty());
		type(answers, "source", "green nuclei");
		assertEquals("target", answers.take().orElseThrow().name());
		type(answers, "target", "cyan nuclei");
		assertEquals(Optional.empty(), answers.take());
	}

	@Test
	void numbersAreCheckedAsTheyAreTyped() {
		final Answers answers = described(GenerateMask.class);
		type(answers, "maps", "0");
		assertTrue(trouble(answers).endsWith("is 0; it must be 1 or more."), trouble(answers));
		assertEquals(10, answers.module().getInput("maps"), "the command keeps the last number that is one");
		type(answers, "maps", "2.5");
		assertTrue(trouble(answers).endsWith("is '2.5'; write a whole number."), trouble(answers));
		type(answers, "maps", "2", "noise", "1.5");
		assertTrue(trouble(answers).endsWith("is 1.5; it must be 0.0 to 1.0."), trouble(answers));
	}

	@Test
	void whatPlaysNoRoleIsNotChecked() {
		final Answers answers = described(GenerateMask.class);
		type(answers, "loraScale", "many");
		assertEquals("", trouble(answers));
		type(answers, "lora", "some.safetensors");
		assertTrue(trouble(answers).endsWith("is 'many'; write a number."), trouble(answers));
	}

	@Test
	void whatDiffersFromItsDefaultIsMarked() {
		final Answers answers = described(GenerateMask.class);
		assertFalse(answers.field("noise").isChanged() || answers.field("source").isChanged());
		type(answers, "noise", "0.7", "memory", "Low memory");
		answers.take();
		assertTrue(answers.field("noise").isChanged() && answers.field("memory").isChanged());
		answers.toDefaults();
		answers.take();
		assertFalse(answers.field("noise").isChanged() || answers.field("memory").isChanged());
		assertEquals("green nuclei", answers.module().getInput("source"), "descriptions are no settings");
		assertEquals(0.5, answers.module().getInput("noise"));
	}

	/** Else who has never touched a setting would keep the default of an old version for ever. */
	@Test
	void aDefaultIsNotKept() {
		final Answers answers = described(EditImageWithText.class);
		for (final String strength : List.of("0.6", "0.9", "0.6")) {
			type(answers, "strength", strength);
			answers.take();
			remembered(answers.module()).keep();
			assertEquals(strength.equals("0.6") ? null : strength, prefs.get(EditImageWithText.class, "strength"));
		}
		assertEquals("green nuclei", prefs.get(Form.class, "source"));
	}

	@Test
	void theFirstPageComesBackAndExpertsValuesDoNot() {
		final Answers answers = described(GenerateMask.class);
		type(answers, "maps", "4", "labels", false, "seed", "7", "noise", "0.7");
		answers.take();
		remembered(answers.module()).keep();
		final Module again = open(GenerateMask.class).module();
		assertEquals(List.of("green nuclei", 4, false), List.of(again.getInput("source"), again.getInput("maps"), again.getInput("labels")));
		assertEquals(List.of(0L, 0.5), List.of(again.getInput("seed"), again.getInput("noise")));
	}

	@Test
	void descriptionsModelAndMemoryAreTheSameInAllForms() {
		final Answers answers = described(GenerateMask.class);
		type(answers, "model", "org/name", "memory", "Low memory", "thresholdRatio", "4");
		answers.take();
		remembered(answers.module()).keep();
		for (final Class<?> command : List.of(EditImageWithText.class, EditWithMask.class)) {
			final Module next = open(command).module();
			assertEquals(List.of("green nuclei", "cyan nuclei", "org/name", "Low memory"),
				List.of("source", "target", "model", "memory").stream().map(next::getInput).toList(), command.getSimpleName());
		}
		assertEquals(3.0, open(EditImageWithText.class).module().getInput("thresholdRatio"), "other settings belong to their command");
	}

	@Test
	void modelsThatWereUsedLatelyAreOffered() {
		for (final String model : List.of("one", "two", "one")) {
			final Answers answers = described(GenerateMask.class);
			type(answers, "model", model);
			answers.take();
			remembered(answers.module()).keep();
		}
		assertEquals(List.of("one", "two"), remembered(Modules.of(context, EditImageWithText.class)).models());
	}

	@Test
	void agreementsAreGivenAnewEachTime() {
		final Answers answers = open(DownloadModel.class);
		type(answers, "repository", "org/name", "download", true);
		answers.take();
		remembered(answers.module()).keep();
		final Module again = open(DownloadModel.class).module();
		assertEquals(List.of("org/name", false), List.of(again.getInput("repository"), again.getInput("download")));
	}

	@Test
	void whatNoVersionOffersAnyMoreIsForgotten() {
		prefs.put(GenerateMask.class, "show", "Hologram");
		prefs.put(GenerateMask.class, "maps", "0");
		final Module module = open(GenerateMask.class).module();
		assertEquals(List.of("Selection", 10), List.of(module.getInput("show"), module.getInput("maps")));
	}

	@Test
	void aMaskMayBeShownInSeveralPlaces() {
		final Answers answers = described(GenerateMask.class);
		assertEquals("Selection", answers.module().getInput("show"));
		type(answers, "show", "ROI Manager,Selection");
		assertEquals("", trouble(answers));
		assertEquals("Selection, ROI Manager", answers.module().getInput("show"));
		remembered(answers.module()).keep();
		assertEquals("Selection, ROI Manager", open(GenerateMask.class).module().getInput("show"));
		type(answers, "show", "");
		answers.take();
		assertEquals("Nothing", answers.module().getInput("show"));
	}
}
