package sc.fiji.diffedit.fiji.window;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scijava.command.CommandService;
import org.scijava.convert.ConvertService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Fields;
import sc.fiji.diffedit.fiji.form.PresetField;
import sc.fiji.diffedit.fiji.form.SeveralField;
import sc.fiji.diffedit.fiji.form.Values;
import sc.fiji.diffedit.fiji.layer.Edits;
import sc.fiji.diffedit.pipelines.EditRequest;

/** What is asked about an edit besides its mask, and the settings that come of it. */
final class EditForm {

	private static final List<String> OWN = List.of("negative", "inversion", "guidance", "feather", "steps");

	private final Session session;
	private final Module command;
	private final SeveralField seeds, strengths;
	private final List<Field> fields = new ArrayList<>();

	EditForm(final Session session) {
		this.session = session;
		command = session.context().service(ModuleService.class).createModule(session.context().service(CommandService.class).getCommand(EditWithMask.class));
		final Values values = new Values(session.context().service(ConvertService.class));
		for (final String name : OWN) {
			final Field field = Fields.of(command, command.getInfo().getInput(name), values);
			field.show(field.input().getDefaultValue());
			field.keyboard().setName("edit " + name);                       // the window asks others of these names about the mask
			fields.add(field);
		}
		seeds = new SeveralField(command.getInfo().getInput("seed"), text -> Edits.settings(Map.of(), text, "1"));
		strengths = new SeveralField(command.getInfo().getInput("strength"), text -> Edits.settings(Map.of(), "0", text));
		seeds.keyboard().setName("seeds");
		strengths.keyboard().setName("strengths");
	}

	/** Lets the window's presets set these answers too, and marks those that differ from the defaults or cannot be used. */
	void follow(final PresetField preset) {
		final List<Field> settings = new ArrayList<>(fields);
		settings.add(strengths);
		preset.alsoSets(settings);
		seeds.whenChanged(seeds::markAlone);
		settings.forEach(field -> field.whenChanged(() -> {
			field.markAlone();
			preset.follow();
		}));
	}

	/** Where one or several seeds are written. */
	Field seeds() {
		return seeds;
	}

	/** Where one or several amounts of change are written. */
	Field strengths() {
		return strengths;
	}

	/** Where stands what should not be there. */
	Field negative() {
		return fields.get(0);
	}

	/** How the image is carried towards noise. */
	Field inversion() {
		return fields.get(1);
	}

	/** All others. */
	List<Field> numbers() {
		return fields.subList(2, fields.size());
	}

	/**
	 * The settings of each edit that is asked for.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if an answer cannot be used
	 */
	List<Map<String, Object>> settings() {
		final Map<String, Object> common = new LinkedHashMap<>(session.values());
		common.keySet().removeIf(name -> command.getInfo().getInput(name) == null);         // what both commands ask, the same answers serve
		common.values().removeIf(value -> value == null);
		for (final Field field : fields) common.put(field.input().getName(), field.value());
		return Edits.settings(common, seeds.text(), strengths.text());
	}

	/** Puts the answers of an edit there. */
	void show(final Map<String, Object> settings) {
		for (final Field field : fields) if (settings.containsKey(field.input().getName())) field.show(settings.get(field.input().getName()));
		seeds.show(settings.getOrDefault("seed", 0));
		strengths.show(settings.getOrDefault("strength", EditRequest.DEFAULTS.inpaintStrength()));
	}
}
