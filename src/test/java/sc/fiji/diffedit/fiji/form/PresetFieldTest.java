package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.swing.JComboBox;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.RequestPresets;

/** Choosing a preset sets the fields that it names; the field shows the preset that the others agree with. */
class PresetFieldTest {

	@TempDir
	private Path folder;
	private Context context;
	private Module module;
	private Answers answers;
	private JComboBox<?> box;

	@BeforeEach
	void open() {
		System.setProperty(RequestPresets.PROPERTY, folder.toString());
		RequestPresets.save(new RequestPreset("mine", "", Map.of("steps", 7.0, "guidance", 2.5, "maps", 3.0)));
		context = new Context();
		module = Commands.form(context, TextToImage.class);
		final Values values = new Values(context.service(ConvertService.class));
		final List<Field> fields = new ArrayList<>();
		for (final ModuleItem<?> input : Inputs.of(module)) if (Fields.canAsk(input)) fields.add(Fields.of(module, input, values));
		answers = new Answers(module, fields);
		answers.showAgain();
		final PresetField preset = (PresetField) answers.field(PresetValues.INPUT);
		preset.attach(answers);
		box = (JComboBox<?>) preset.keyboard();
		follow();
	}

	@AfterEach
	void close() {
		System.clearProperty(RequestPresets.PROPERTY);
		context.dispose();
	}

	private void follow() {
		answers.take();
		((PresetField) answers.field(PresetValues.INPUT)).follow();
	}

	@Test
	void aPresetSetsWhatTheFormHasOfIt() {
		assertEquals("standard", box.getSelectedItem());
		box.setSelectedItem("mine");
		follow();
		assertEquals("mine", box.getSelectedItem(), "noisy copies are no field of this form");
		assertEquals(7, module.getInput("steps"));
		assertEquals(2.5, module.getInput("guidance"));
		assertEquals("", module.getInput("preset"), "the command gets values");
		assertFalse(answers.field("preset").isChanged());
	}

	@Test
	void ownValuesAreNoPresetAndStandardSetsAllBack() {
		box.setSelectedItem("mine");
		answers.field("steps").show(8);
		follow();
		assertEquals("own values", box.getSelectedItem());
		box.setSelectedItem("standard");
		follow();
		assertEquals("standard", box.getSelectedItem());
		assertEquals(50, module.getInput("steps"));
		assertEquals(7.5, module.getInput("guidance"));
	}

	/** As {@code preset=draft} does in a macro; own values stay. */
	@Test
	void anotherPresetTakesThePlaceOfTheOneBefore() {
		box.setSelectedItem("mine");
		follow();
		box.setSelectedItem("draft");
		follow();
		assertEquals("draft", box.getSelectedItem());
		assertEquals(List.of(20, 7.5), List.of(module.getInput("steps"), module.getInput("guidance")));
		answers.field("guidance").show(3);
		follow();
		box.setSelectedItem("draft");
		follow();
		assertEquals(List.of(20, 3.0), List.of(module.getInput("steps"), module.getInput("guidance")));
	}
}
